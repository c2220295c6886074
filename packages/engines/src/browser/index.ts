export { findChromium, type FindChromiumOptions } from './find-chromium.ts';
