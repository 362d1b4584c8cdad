/** Starts the console: the language first, so that no page is ever drawn without its words. */
import './styles/base.css';
import './styles/shell.css';
import './styles/list.css';
import './styles/pages.css';
import './styles/members.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { prefs } from './app/prefs';
import { startI18n } from './i18n';

const root = document.getElementById('root');
if (root) {
  void startI18n(prefs.get().language).then(() => createRoot(root).render(<App />));
}
