// Conveniences only: every page works with these files missing.
import './campaign.js'
import './dialog.js'
import './fields.js'
import './filters.js'
import './offline.js'
import './passphrase.js'
import './strength.js'
import './type-ahead.js'
