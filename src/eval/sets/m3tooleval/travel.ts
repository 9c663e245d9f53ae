/**
 * The travel tools of M3ToolEval, over its two tables.
 *
 * Names of places have quotation marks inside the text there; they are given with or without, and come back with them, as
 * in the original. `book_hotel` only looks hotels up, whatever its name says.
 *
 * @module
 */
import { type ToolRecord, tool } from '../../../action/index.ts';
import { NUMBER, objectOf, TEXT, TEXTS } from '../schemas.ts';
import { greatest, least, ofValues } from './tools.ts';

export interface TravelTables {
  flights: readonly { from_location: string; to_location: string; date: string; price: number }[];
  hotels: readonly { location: string; preferences: string[]; price_per_night: number; rating: number }[];
}

const PLACES = ['A', 'B', 'C', 'D', 'E', 'F'];
const FLIGHT = objectOf({ from_location: TEXT, to_location: TEXT, date: TEXT, price: NUMBER });
const HOTEL = objectOf({ location: TEXT, preferences: TEXTS, price_per_night: NUMBER, rating: NUMBER });

/** The tools, over these tables. */
export const travelTools = ({ flights, hotels }: TravelTables): ToolRecord => ({
  find_flights: tool({
    description: 'Finds flights based on source, destination and date (in YYYY-MM-DD format).',
    input: objectOf({ from_location: TEXT, to_location: TEXT, date: TEXT }),
    output: { type: 'array', items: FLIGHT },
    effect: 'read',
    run: ({ from_location, to_location, date }) => {
      const [from, to] = [placeOf(from_location), placeOf(to_location)];
      return flights.filter(
        (flight) => bare(flight.from_location) === from && bare(flight.to_location) === to && flight.date === date,
      );
    },
  }),
  book_hotel: tool({
    description: 'Books a hotel based on location and preferences. Returns the hotels there that have all of them.',
    input: objectOf({ location: TEXT, preferences: TEXTS }),
    output: { type: 'array', items: HOTEL },
    effect: 'read',
    run: ({ location, preferences }) => {
      const place = placeOf(location);
      return hotels.filter(
        (hotel) => bare(hotel.location) === place && preferences.every((one) => hotel.preferences.includes(one)),
      );
    },
  }),
  budget_calculator: tool({
    description: 'Calculates the total budget for a trip.',
    input: objectOf({ flight_price: NUMBER, hotel_price_per_night: NUMBER, num_nights: NUMBER }),
    output: NUMBER,
    effect: 'read',
    run: ({ flight_price, hotel_price_per_night, num_nights }) => flight_price + hotel_price_per_night * num_nights,
  }),
  max: ofValues('Finds the maximum value among the given values.', greatest),
  min: ofValues('Finds the minimum value among the given values.', least),
  sum: ofValues('Sums the given values.', (values) => values.reduce((total, value) => total + value, 0)),
});

const bare = (place: string) => place.replace(/^"+|"+$/g, '');

function placeOf(given: string): string {
  const place = bare(given);
  if (PLACES.includes(place)) return place;
  throw new Error(`Location ${given} is not supported. There are: ${PLACES.join(', ')}.`);
}
