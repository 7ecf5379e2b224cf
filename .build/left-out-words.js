// The words of the two lists that public/words.txt leaves out, by reason. `node .build/words.js` reads them.
// What they are and why: docs/decisions/0056-short-passphrases.md
export const leftOut = {
  // Sounds like another word, in British or American English, or has two readings.
  soundsLikeAnother: `
    able access acre acts adapt advice afar affair affirm aide aids aisle aloft alter ascent ashy atom audio august aunt axis backed bagel
    baggie baggy ball balmy barrel base bash basil baton bats bauble beach bean birth blank blue board bobble boil boney bony border boss
    botch boy breach bread breath briar bright browse brute build burger bust buyer cabbie cache caddie caddy calm candy cane cannon canon
    canvas capped carat carol carrot carry cart cash caught cause cedar cereal chase chaste cheap chili choice chute cider cinch city clause
    clay clique cloak close coat cocoa coil coke collar come coming conch cone coral core corral course creek creme croak crock cruise crumb
    crummy cube curse cymbal daily dairy daisy debtor decent decree deer defuse degree desert deuce device dial disk dock dole donor dose
    drier duct duffel duly duty earn eats ecard eclair eight elude emcee empty ensure entree excess exes eye fade faint father fax feed feel
    ferry find finer fit flier floor flower flyer foe friday from gaffe gas gate gauge gauze gear gem gnat goal goes gone gong gore gory
    grain great grill guilt guise guy hair half halved halves hanky hash heart hence herbs hertz high hire hole horse hour hunk icon idle
    jam jewel jinx junkie kept key knelt knock knoll know ladder lair lash latter laurel law lens lesser lesson level liar lilly lily limb
    list live load loan lock maid mail main man manor many marry matter maze mean meat medal metal mind minor minute mobile mocha mule
    muscle musket muzzle nail nanny need net next niece night nose okay omen one oops opal other otter ouch ought ovary paced pact padded
    paddle pair palace panda parcel pardon parish parrot party pastor pause peace pear perish perky petal petite petted petty phoney phony
    phrase pitch place plank plated please plot plural pole police policy poser pouch pox praise prayer preppy press pride pried prior prism
    prize probe profit props pry purr purse quail quiet quirk quit race rack rain raise rash raven raw razor reach real recent record refuse
    repose resent rhyme rift right ring ripple rise road rocky rose rosy rough route royal rude ruse sail saint salt same sauce savage
    savior savor say scarf scene sea seed seek self sell senior sense series sermon shawl shield shine shoe shone shoot shore shown shy side
    sight sign single sister size slaw slight slow sly smoky sort soul source specks spur stairs steak steel step stew stitch stole stony
    story stray style suitor sun sunny sure surge sweet swoop sword symbol tacky tail talk tall tartar team thee theme then there throw tide
    till timber time toe toy track tray trout trust try turban turn tux twig two tying tyke udder use utter veal venus verse versus very
    veto vice vocal wait walk waltz want waste wave waving way wear wet whacky whale wham wharf what wheat wheel when where whiff whiny whip
    whole whoops wick widen wilt wimp wind wine winner winter wise wok woman wonder wood word work world worst wrap wrath wreath wrench
    wrist write yen you zap zone`,
  // Spelled in two ways, or by most people wrongly.
  spelledInTwoWays: `
    ahoy aloha armor bluish catsup check clamor color cozily cozy doily donut draft duvet enroll eskimo fervor fiber flavor gizmo gray
    hankie harbor hummus humor hurray iodize jailer kabob kebab kooky kudos labor luster mold mom mousy naive odor parlor pawing plow racoon
    remold rigor rumor scabby spongy sulfur tamale tidbit unclad usable vapor woozy yahoo yippee yodel yogurt zit`,
  // Could offend, or says something about the person.
  offends: `
    addict apache badass blob blunt bok bonded bone boned bootie boozy caress cartel chimp chubby chump chunk cigar clown clumsy corset
    crack crazed crazy creole cuddle cussed diaper donkey dork douche drool ducky dude dumb dwarf dweeb exotic fat female fetal flirt fondly
    gag geek gender gigolo gonad goofy goon granny greedy groggy groin grope grub humped idiocy infant insane john kiss kisser kung lard
    lazy lunacy lusty mad maggot maimed mangy moaner monkey moody mooned muck mumbo mutt nag nappy nasty native nerd nutty oaf opium pagan
    pants pauper pelvis pig prissy prozac prude pueblo punk racism rascal rectal rogue saggy sedate seduce shaft shorty silly slab slang
    slimy sloppy sludge slug slum slurp smirk smoke smoked sneer snide sniff snitch snort snout snub spew stench stinky stooge stupor sweat
    thong toilet toss tribe tubby twerp ugly unholy unruly unwed urchin valium vixen weasel willed womb`,
  // Violence, illness, danger, crime, drugs, sorrow.
  alarms: `
    absurd abuse accuse aching acid aghast agony alarm alien aliens ambush amiss amuck anemia anemic anger angry armed arming arrest arson
    attack autism avenge awful awry banish barbed battle betray bitter blade blame blast bleak bleep blind blitz blood bogus bomb bribe
    broken bullet bully bunion burden burst casket chaos chemo clash coma cramp crash crime crook cruel crush cry crying curfew dagger
    damage dander danger darn debris decay deceit defame defeat defile demise demote denial deny deport depose derail detest disarm dismay
    dreary drown drudge dupe duress enemy enrage entomb entrap error erupt evict evil exhume exile expel expire expose false famine fang
    fatal fault feeble fester fever filth fire flail fled flee flinch fool frayed frays frenzy frisk fury gasp ghost gloom gloomy graves
    grief grime grudge grunt gun guts gutter hacked hacker hangup harsh hate hatred haunt hazard hazing horror hunger hungry hunt hurt ill
    impale impure inject injury inmate irate jab jaws kick knife lance lava liable lonely lurch lurk mace mangle mayday misery mug mummy
    mumps murky mutiny orphan pang panic petri phobia pill pistol plasma poach poison polio pounce prison punch python quake rabid rage
    raging raider ravage rebel refute regret reject repent rescue revoke revolt rifle riot rival rotten ruined rut sad sadden sadly scam
    scare scared scary scorch scorn scurvy septic septum shabby shady shame shank shifty shock shove shriek sick siren skull slain slam slit
    smite snake snare sneak sorry spider spied spike spinal spy sting stomp stress strife strike struck strung stung stunt suffer suing sulk
    sullen swarm swear tank taunt theft thrash throat thud timid tired tragic trap traps trash triage undead undone unease uneasy unfair
    unkind unlit unpaid unrest unsafe unsure untrue unwary unwell upset urgent viper viral virus void waged weapon weird widow wince worry
    wound wreck wrong zombie`,
  // Written with a capital, or a brand.
  namesAndBrands: `
    amino april celtic chevy dutch easter ebay ferris french geiger google gothic grinch hamlet herald humvee ipad iphone ipod itunes java
    jersey jimmy july june kosher latin lego manila mardi monday morse muppet oxford panama roman santa scotch skype smith velcro xbox xerox`,
  // May be heard as two words.
  heardAsTwo: `
    ablaze abroad afford aflame afloat afoot afraid ahead alike alive almost alone anew antsy anyhow anyone anyway apart armful arose around
    aside askew asleep atop await awake awaken award aware away awhile awoke backup batboy boxcar busboy catnap defog dugout earful earwig
    ebook email emu forget getup handed hatbox into lapdog maybe mockup myself nearby onset onto onward outbid outfit outing output outwit
    payday payee penpal pushup ramrod setup sitcom subpar tipoff tiptop today uncut undo until upbeat update upheld uphill uphold upload
    upon uproar uproot upside uptake uptown upward upwind wifi`,
  // Hard to say, rare, or seldom met alone.
  awkward: `
    abide ajar alumni amends amuser antics aorta apply ashes asthma autumn babied bagged bling blinks bobbed bogged booted boots borax
    bucked buffed bulgur busily cacti chafe chaps chomp choosy clammy clunky coerce column concur copier coping corned cousin coyote crepe
    crept croon curdle curler curtly cusp cyclic dares deacon decaf decal deduce deduct deface deftly defy deity depict deputy dicing dimly
    dinghy dingy ditzy doable docile doozy dotted dowry drab drench dubbed duh duller duplex egging elated elves emboss emit enact encode
    engulf entail envoy enzyme equate errant ether ethics evade evoke exert filing flaky flatly fleshy foyer frolic froth gab gangly gargle
    gating gawk gazing genre gents giblet gilled gills girdle giver glitch glitzy gnarly gooey gorged gotten gout grit grout grunge gush
    gusty haiku hardly hazily heave height henna hurler husked hybrid hyphen icky idly impart impish imply impose ion irk jaunt jawed jeans
    kindly knee lagged landed lapped legged lent levers limes lisp litmus lugged lushly lying lyrics manned mashed masses mating matted
    mauve mooing morale mower mulch mulled mumble mural mushy musty mutate mute nape napped nebula negate neuron neuter news nibble nuclei
    numbly obtuse ocelot ogle oink ooze oozy pacify paging parole parted partly pasted pasty pebbly pectin perm plod plop ploy pogo poise
    porous portly posing possum powwow prance precut prelaw prone prong proofs pucker pulp purge putt qualm quench rants rarity raving
    rebuff recant recast recede recite recoil recopy recoup refold regime rehab rehire relock repave repeal reps rerun resale reseal resend
    resize retold retool retype reverb revert rewash rewire reword rework rewrap rhythm rimmed roamer romp ruckus runny runt sake salmon
    sappy sash saucy scant scarce scion seldom sepia sheath shelve shrill shrink shrubs shrug shrunk shun shush siege sierra silt simile
    sinner skewed skewer skied slacks slept sliver sloped smock smog smudgy snarl snazzy snore snuff snugly spawn spill spilt spleen spoils
    spooky sprain sprang sprawl sprung squall squint squire squirt stash steed stifle stilt stingy stoic stoke stood strep strewn strobe
    strode strum strut stucco stump suave sublet subtly sudoku suds sultry swab swerve swoosh swore sworn talcum tarot tartly thaw theory
    thigh those throng thus tibia tingly tiring tongue trough trowel trump trunks tweak twitch unbend unbent unclip unclog uncork unripe
    unsaid unsent unsnap unsold untidy unused unwind unworn urging usage vacate vacuum vague vanity vastly vibes vowed wad wager wages
    waggle waking wanted wasabi washed whinny wildly wispy wobbly woof wooing woven yeah yelp yin yonder zesty zips`,
  // Another form of a word that stays, such as its plural or its past.
  anotherForm: `
    acting aged agreed amply angled angler angles basics blurry bouncy boxing boxy breezy bubbly camper canned carded caring casing catchy
    catty chatty cheesy copied corny crafty crispy cupped curing curly curvy dodgy dolly dreamy dried drippy driven earthy easily edging
    edgy ended ending erased eraser extras facing flashy flying footer frosty funny gains gaming gently giggly given giving gladly groovy
    grower hardy hasty headed header helper humbly juicy justly keenly kitty ladies later lazily lifter likely liking lining linked making
    mixed moving muster naming nearly nervy nimbly owner pager patchy paver paving pointy posted poster pusher pushy raking ranged rented
    renter riches richly riding roping safely sanded sandy saved scouts shorts simply skid skier skies skiing skinny sliced slicer snowy
    spiny sports sporty spotty stays stuffy tables taking taps tasty tiling tipped tipper tricky truly twins twisty viewer voter voting
    washer widely wilder wired wiring wiry yearly`,
}
