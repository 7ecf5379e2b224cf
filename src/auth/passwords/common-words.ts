// The words that people base passwords on: the words, names and rows of keys that guessing tools try first.
export const commonWords = `
password passwort pass passwd passcode passphrase secret access login logon signin letmein changeme changeit change
welcome hello admin administrator root user guest test testing tester demo default temp temporary example sample
master manager service field fieldwork fieldworker worker work working office company business team staff employee
support helpdesk security system server computer internet network laptop windows microsoft google apple android iphone
samsung facebook amazon youtube netflix whatever nothing something anything forever always never please thanks
iloveyou loveyou love lover lovely trustno trustme starwars superman batman spiderman ironman pokemon naruto matrix
dragon monkey tiger lion eagle panther wolf bear horse dolphin butterfly kitty puppy chicken rabbit turtle
football baseball basketball soccer hockey tennis golf cricket arsenal liverpool chelsea barcelona juventus
sunshine rainbow flower princess prince queen king angel heaven shadow killer hunter ranger warrior ninja wizard
magic diamond golden silver crystal purple orange yellow green black white blue red
banana cookie chocolate coffee cheese pepper sugar honey ginger cherry strawberry pizza whiskey
family mother father sister brother daddy mommy baby friend friends freedom happy lucky smile music guitar summer
winter spring autumn january february march april june july august september october november december
monday tuesday wednesday thursday friday saturday sunday today birthday christmas holiday vacation weekend
london paris berlin madrid america england canada mexico germany france australia california texas
truck plumber plumbing electric electrician technician mechanic engineer contractor builder garden gardener cleaner
james john robert michael mike david william richard joseph thomas charles chris christopher daniel matthew anthony
mark steven andrew joshua kevin brian george jason justin ryan jacob nicholas eric jonathan alex alexander
maria mary jennifer linda elizabeth susan jessica sarah karen nancy lisa anna emma olivia sophia laura ashley amanda
michelle nicole samantha charlie maggie buster harley jordan taylor carlos juan jose luis miguel lopez garcia
martinez smith johnson hallo bonjour hola bienvenido contrasena contraseña clave motdepasse senha schatz
qwerty qwert qwertyuiop qwertz azerty asdf asdfg asdfgh asdfghjkl zxcv zxcvbn zxcvbnm qazwsx qazwsxedc qwer qwe asd zxc
qaz wsx abc abcd abcdef xyz aaa xxx zaq
`
  .trim()
  .split(/\s+/)
