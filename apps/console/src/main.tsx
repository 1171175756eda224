import { render } from 'preact';
import { Console } from './shell/console.tsx';
import './shell/style.css';

const root = document.getElementById('console');
if (root) render(<Console />, root);
