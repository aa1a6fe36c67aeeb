import './boxes.js';
import './icon.js';
import './modal.js';
import './round-buttons.js';
import './tabs.js';
