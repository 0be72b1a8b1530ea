/** The login page: the form works without script; this brings the styles. */
import '../styles/base.css';
import '../styles/login.css';
