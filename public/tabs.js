// Where the tabs are wider than the screen, the one that is open is the one to see.
const open = document.querySelector('.tabs [aria-current]')
open?.scrollIntoView({ block: 'nearest', inline: 'center' })
