"""Words that mean what they say wherever they stand: of English prose, of the product, of HTTP and of PowerShell.

A user whose name is one of them is replaced where a name is expected, and not in the middle of a sentence.
"""

_WORDS = """
ability about abs accept accepted accepts access accessdenied accessedgefqdn accident account accounts ack act
action active activeconnections actively acts add added address addresses addressing adds adfs adgroupmember admin
administer administrative administrator administrators admins adobject advanced afar after again against agent agreed
ahead aimed alert alias aliases alike alives all allow allowed allows allsipdomain alone along already als also always
alwaysverifiable among amount anchor and android anew ano anob anonymous another answer answered answering answers any
anybody anyextendedkeyusage anyone anything anywhere apache apart app append apple applet applicable application
applicationnotfound applications appliedsetting applies apply apr april archivingtoexchange are argument arr arrive
arrived ascii ascx ask asked asking asks asmx asn asp aspx assign assigned associated assumes asyncio attempt audience
aug august auth authenticate authenticated authentication authenticationerror authorities authority authorization
authorized auto autodiscover automatic awaits away back backend backup bad badly balancer bare base based basic bearer
bears because become becomes been before began begin beginning begins begun behind being belong belongs below beside
best between beyond big binary bind binding blank blanks block blocked blocks body bool both bound bounded bounds
brackets branches break breaks bring brings broke broken brought browser browsers bug build builder built builtin
business busy but bytes call called caller calls came can cancel cancellation cancelled cancels cannot capitals cards
carried case category caught causal cause causes central centralsite certificate certificates certification certprov
chain challenge challenges change changed changes character characters chars charset chat check checked checks choose
ciminstance ciphers circle claims class clean cleaned clearest click client clientauth clients clixml clock close
closed closeerror closes closing cloud cluster cmd cmdlet cmdletizationquery cmdlets cname code codesigning collect
collected collection collector colons column columns com come comes comma command commandnotfound
commandnotfoundexception commands commas comment committed common communicate communication company compare compared
complete component components computer concern conclude concluded concludes conclusion conclusions condition
conference conferencing configuration configurations configured conflicting connect connected connectfailed connecting
connection connectionerror connectionrefusederror connections connects consent console consoles constant constraint
contact content context control cookie copied copy corp correct costs could couldn counted counts crash crashed create
creates creationtime credential credentials cross csadministrator csadminrole csadminroleassignment cscertificate
csclientcertificate csclientpininfo cseffectivepolicy csexternalaccesspolicy csextmcxapppool csfederatedpartner
cshelpdesk csimfilterconfiguration csintmcxapppool csmcxpushnotification csmobilitypolicy cspool csserveradministrator
csserverversion csservice cssite csuser csuseradministrator csviewonlyadministrator cswindowsservice
csxmppallowedpartner cumulative cure cured curl current currentversion cut cuts damaged darwin dash data database
dates day deadline deadlockdetected dec december decide decided decides decisive declare declares decoder decoders
decrypts default deflate delegation delete deletetcb delivered denied depend dependency depends deployment describe
describes description descriptions design desktop destination detail details detected device deviceerror diagnose
diagnosis diagnostics dialback dialin dict did differ different differently differs digest digits direction directions
directly directory disabled disconnects disk displayname div dmz dns dnsname dnsnames docs document documented
documents does doesn doing domain domainname domains don done door dot dotnet dots down download draft drip drop
dropped drops during each earlier echo echoes econnrefused econnreset edge edgeserver edit edition either element
elements ellipsis else elsewhere emailprotection empty enable enabled enablefederationaccess enablekeepalive
enablemobility enableoutsideaccess enableoutsidevoice enablexmppaccess encodedcommand encoding encrypt encrypted
encryption encrypts end ended endpoint endpoints ends enotfound enough enterprise entry enumeration envelope equal
error errorcode errorid errors escaped escapes established etimedout euc evaluation event events ever every everybody
everyone everything evidence ews exactly exception exch exchange excludeactivitylevel exe exist existent exists exit
expands expect expected expired explains expression extern external facts fail failed failing fails failure fall false
far fault faults feature feb february fed federate federated federation federationroute fell fetch fetches few fewer
field fields file fileexistserror files filled filter filtered filtering fin final find finding findings finds findstr
finish finished firewall first fit fits five fix flat float flood flushed focus folder follow followed follows for
forbade forbidden forbids force forcibly forget forgotten form format formats formed forms forward forwards found four
fqdn framework frees fri friday friendlyname from fromstderr front frontend frozen full fully fullyqualifiederrorid
function further gains gateway gather gathered gathering gathers gave get getaddrinfo gets give given gives global
globally gmt goes going gone good got grace grammar grant granted greeting greyed group groups guessed guest guests
guided gzip had hairpin half hand handle hands handshake handshakes hang hangs harm harmless has hash have head header
headers headline heard held hello help helpdesk helped here hide hides him himself hklm hold holds home homed homes
hop hops host hostile href hosting hostingprovider hostname hosts house how however html http httpapi httpcore https httpx
hyphens identifier identity idle idna ignore ignored iis immutable implements import imports improper inbound included
incoming incomplete independent info information inner input ins inside install installed instant instead instructions
insuff insufficient int interface intermediate intermediates intermittent intern internal internalinterfacefqdn
international internet interrupted interval into intranet invalid invalidargument invaliddata invalidname
invalidoperation invalidresult invalidtype invite invoke involved inward ios iphone iphones ipv iso issued issuer
issuers issuing itemproperty items its itself jabber jan january join joined journal journals json judge judged judges
jul july jun june keep keepalive keeps kept kerberos key keyboard keyerror keys keysize kill killed kind kinds kinit
kiosk know known knows lab label lack lacks lan lane lanes language languages large larger last later latin layer lead
leading leads learn least leave leaves left leftmost legacy length less let lets letters libraries library licence
license lies like likeliest likelihood likely limit limited limits limitsexceeded line lines list listed listen
listened listener listeners listening listens lists little live lived lives load loaded loading local localaddress
localdomain localgroup localhost localport localstore location locked log login logon logs long longer look looked
looking looks lookup loop loopback loosely lose loses lost low lower lync lyncdiscover lyncdiscoverinternal lyncdoctor
lyncserver machine made mail mailbox main make makes management manager many mar march mark markdown marks match
matches matching max may mcx mcxservice mean meaning means meant meanwhile mechanisms media mediation meet meetings
member members memory mended mends mentions message messages messaging met meta metadataerror method methods metrics
microsoft middle might millisecond milliseconds minute minutes mismatch missing misspelt mixed mobile mobility
mobilitypolicy mode module mon monday more most move moved moves msrtcoauth much multi multipart must mutual mvc name
named names namespace naming narrow narrowest narrows nat ndp near nearer nearest need needed needs negotiate
negotiation neither net netconnection netstat nettcpconnection network networks never new newer news next nfc nginx
nil noarchiving nobody node nomatchingeventsfound non none noninteractive noprofile nor noreply not notafter note
noted notenabled notes notfound notfoundtestusers nothing noticed notification notifications notimplemented
notinstalled notspecified notsupported notunderstood nov november now nowhere ntlm null nulls number numbers oauth
object objectnotfound objects objs ocsadwebservices ocspowershell ocspsigning oct october odd off offer offered
offering offers office offloadstate often old older oldest once one ones online only open opened openerror opening
opens openssl operation operationstopped operationtimeout optional options order org origin original oserror other
others otherwise our ours out outbound outcome output outside outward over overlap owa own owner owners owningprocess
package packet page pages parameter parameters parse parsed parsererror parsers part particular partner partners parts
pass passed passes passive passiveauthuri password passwords past paste pasted pastes path paths peek peer pem pending
people per perform perimeter period permission permissiondenied person persons phase phone phones phrase phrases piece
pin pipe pipeline pipes pki place placeholder plain plainly please pointed pointless points policies policy policyname
pool poolfqdn pools port portal ports positional positions possibility possible post pour powershell practice pre
predefined prefixes presence present presented presents previous primary principal print printed prints priority
private privatekeyexportable probably probe probes problem process processes processid processname prod product
production program programs project prompt proof proper properly properties property props prose protected proto
protocol protocolerror protocols proves provided provider providers provisioning proxy pscomputername pscredential
psremoting pssession pssessionopenfailed psshowcomputername psutil public publickey publicunverified publicverified
publish published publishes publishing pure purpose purposes push put pypsrp pyspnego python qualified query question
questions quickest quotaexceeded quotation quote quoted quotes rail raise raises ran range rbac rcode reach reachable
reached reaches read reader readerror readers reads ready real really realm reason rebuilt received recognised
recognized reconnect reconnecting record recorded records recv recycled recycles redirect redirects ref reference
refers refid refusal refusals refuse refused refuses register registrar registrarpool registry rejected relay release
remedies remedy remember remembered remembers remote remoteaddress remotehostnotreachable remoteport remoting remove
removed renders renewal renews reordering repeated repeats replace replaces replication reply report reported req
request requested requests required requires requireselevation reset resolution resolve resolved resolver resolves
resolving resource resourcebusy resourceexists resourceunavailable respond response rest restart restarted rests
result resumed return returns rev reverse rfc right rights ring rises risk role roles room root round route routing
row rproxy rsa rtc rtcsrv rtcuniversal rtcuniversalserveradmins rtcuniversaluseradmins rule rules run runbook runbooks
runner running runs runspace runspaceid safe said same samples sasl sat saturday say saying says scenario schannel
schema scheme schemes scope screen screens script sealing search searchable seat seclevel second secondary seconds
secret secrets secure securestring security securityerror see seen sees select selected self send sending sends sent
sentence sentences sep september serve served server serverauth servername servers service services session sessions
set sets setting settings settle setup several sfb sha shakes shape share shared shell shells shift short shorter
should show showcerts showed shown shows shut shutdown side sides sig sign signature signed significant signing signs
silence silent simultaneous single sip sipaddress sipfederationtls sips site sites sixth size skew skipped skype
skypeforbusiness slash slashes slow slowly sls small soap socket sockets sockettable software some somebody something
sorted source sources span speak speaks specified spelling spnego spoken sql srv ssl sslerror stack stage stages stand
standard stands start started starts starttls state states status statuses stayed staying stays stderr step steps
still stk stood stop stopped stopping stops store str straight stranger stream streams strerror strict stricter string
structure sts style subject subscription success such sun sunday surely surrogatepass surrogates svc switch switched
switching symptom syn syntaxerror sysnative system systemroot systems table tables tag take taken takes talked talking
talks target targetfqdn tasklist tasks tcb tcp tcpv team telephony tell tells temporarily ten terminal test tested
tests text texts than that the their them themselves then there these they thing third this those though thread three
through thu thursday tick ticket tickets tier time timed timeout timeouterror timestamping timewait title tls tlsv tmg
today together token told too took tools toomuch top topics topology torn tostring totals touches traceback trailing
transcript translates translating translation travel travels tree trickles tried tries troubleshoot troubleshot true
trust trusted trusting try tue tuesday tunnel turning turns twice two type typed types typographic ucwa
ucwaunavailable udp unable unanswered unauthenticated unauthorized unauthorizedaccess unavailable unchanged undefined
under understood unexpected unified uninitialized units unix unknown unless unlike unpacks unquoted unreachable
unreached unreadable unreadablejournal unsafe unsealed unsupported untested until untrusted update upn uri url urllib
urn usable use usecertificateauth used uselyncarchivingpolicy usepinauth user userprincipalname users uses
usesourceverification usewindowsauth usewsfedpassiveauth usually utc utf valid validated value valueerror values
vantage variants vary verbose verdict verification verified verifier verifiers verifies verify version versioned
versions via viable view views violation vip visible visited voice volume vpn wac waf wait waiter waiting waits wake
wakes walk walked walks want wants warning warnings was way ways weak web webapppool webrequest webserver
webservicesexternal webticket webticketservice wed wednesday weight welcome well went were what whatever when where
whether which whichever while who whoami whoever whole whom whose why wide wifi wildcard will win window windows
windowspowershell winrm wins winsock wired with within without wizard word worded wording wordings words work worked
works world worth would wpad wrap write writeerror writes writing written wrong wrote wsaeconnrefused wsaeconnreset
wsaehostunreach wsaetimedout wsman www www2 xds xml xmpp xmppfederationroute xmpphost xmppinternalport
xmpplisteningport xmppproxy xsanyattributes xsanyelements yet you your zone
"""
VOCABULARY = frozenset(_WORDS.split())
