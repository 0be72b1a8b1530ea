/** Before each file of tests: the reader is English, as one whose browser says nothing else. */
import { useTexts } from '../src/texts.ts';

useTexts('en-US', {});
