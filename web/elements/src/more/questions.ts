import './comparison.js';
import './consent.js';
import './json.js';
import './likert.js';
import './ranking.js';
import './rating.js';
