import { mount } from 'svelte';
import App from './App.svelte';
import { followLinks } from './lib/location.svelte';

followLinks();
const target = document.getElementById('app');
if (target) mount(App, { target });
