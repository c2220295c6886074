import { defineLab } from '@workshop/lab-kit';
import type { SiteStore } from '../contract-site.ts';
import { atOnce } from './checks/at-once.ts';
import { citiesOnce } from './checks/cities-once.ts';
import { citiesTogether } from './checks/cities-together.ts';
import { fillCities } from './checks/cities.ts';
import { close } from './checks/close.ts';
import { kept } from './checks/kept.ts';
import { leaderboard } from './checks/leaderboard.ts';
import { newsWaits } from './checks/news-waits.ts';
import { news } from './checks/news.ts';
import { placesCheck } from './checks/places.ts';
import { rateLimit } from './checks/rate-limit.ts';
import { redisAway } from './checks/redis-away.ts';
import { sentOnce } from './checks/sent-once.ts';
import { sessionLife } from './checks/session-life.ts';
import { sessions } from './checks/sessions.ts';
import { signOutRace } from './checks/sign-out-race.ts';
import { uniqueReaders } from './checks/unique-readers.ts';

export default defineLab<SiteStore>({
  id: '09',
  name: 'beyond-queries',
  title: 'Beyond queries',
  minutes: 75,
  tables: fillCities,
  returns: {
    signIn: 'anything',
    session: 'row',
    remember: 'anything',
    signOut: 'anything',
    signOutEverywhere: 'anything',
    addPoints: 'anything',
    top: 'rows',
    standing: 'row',
    allow: 'anything',
    citiesNear: 'rows',
    countReader: 'anything',
    uniqueReaders: 'anything',
    publishNews: 'anything',
    newsSince: 'rows',
    nextNews: 'rows',
  },
  checks: [
    sessions,
    sessionLife,
    leaderboard,
    rateLimit,
    placesCheck,
    uniqueReaders,
    news,
    newsWaits,
    kept,
    citiesOnce,
    atOnce,
    signOutRace,
    citiesTogether,
    redisAway,
    sentOnce,
    close,
  ],
});
