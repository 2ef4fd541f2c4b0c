; A company's zone that uses most record types and every kind of answer. Addresses, names and keys
; are those of documentation (RFC 5737, RFC 3849, RFC 2606).

$TTL 1h
@               IN SOA  ns1 hostmaster (
                        2026112201      ; serial
                        2h              ; refresh
                        15m             ; retry
                        2w              ; expire
                        5m )            ; a "no" may be remembered for this long

                IN NS   ns1
                IN NS   ns2.example.net.
                IN MX   10 mail
                IN MX   20 mail.example.net.
                IN A    192.0.2.80
                IN AAAA 2001:db8::80
                IN TXT  "v=spf1 mx -all"
                IN TXT  "ownership=4f1c; keep" unquoted "Gr\195\188\195\159e"
                IN CAA  0 issue "ca.example.net; account=1234"
                IN CAA  0 iodef "mailto:security@example.com"
                IN HTTPS 1 . alpn=h2,h3 ipv4hint=192.0.2.80 ipv6hint=2001:db8::80

; Name servers and mail

ns1             IN A    192.0.2.53
                IN AAAA 2001:db8:53::53
mail            IN A    192.0.2.25
                IN AAAA 2001:db8::25
                IN SSHFP 4 2 (
                        123456789abcdef67890123456789abcdef67890
                        123456789abcdef123456789 )
_25._tcp.mail   IN TLSA 3 1 1 (
                        8cb0fc6c527506a053f4f14c8464bebb
                        d6dede2738d11468dd953d7d6a3021f1 )
; A DKIM key is longer than one string of 255 octets.
selector1._domainkey IN TXT (
                        "v=DKIM1; k=rsa; p="
                        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxPNfqPbxpTEzSvRnC3SPd1AcWQMnT0pZ"
                        "zr1pXkl2QmZwYVq8Yl7lm2dyvG3eD6eOe2kJtqfVtmB9o8bq0ZxT5hYdUq4TgJH0ZBqv9rVQyUwR"
                        "b6l0y5xw2xQm6m5Yy2Gf0tq0qK3hY6W3mF1rV9nX8pL7cZ4jA1sD2fG3hJ4kL5qW6eR7tY8uI9oP" )

; Web: a chain of aliases, and names that lead elsewhere

www             IN CNAME web
shop            IN CNAME www
web         300 IN A    192.0.2.80
            300 IN A    192.0.2.81
            300 IN AAAA 2001:db8::80
api             IN HTTPS 0 web
old             IN CNAME gone                   ; there is no such name
cdn             IN CNAME example-com.cdn.example.net.
kiosk           IN CNAME desk.branch            ; below a delegation
; Who makes this mistake gets the chain, not a hanging server.
circle          IN CNAME circle2
circle2         IN CNAME circle

; Services

_sip._tcp       IN SRV  10 60 5060 sip
                IN SRV  20 0 5060 sip.example.net.
_ldap._tcp      IN SRV  0 0 0 .                 ; not offered (RFC 2782)
sip             IN A    192.0.2.60
                IN NAPTR 100 10 "S" "SIP+D2T" "" _sip._tcp
                IN NAPTR 102 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .
_dns.resolver   IN SVCB 1 ns1 alpn=dot,doq port=853
                IN SVCB 2 ns2.example.net. alpn=dot
_http._tcp      IN URI  10 1 "https://www.example.com/path"

; Wildcards

*.apps          IN A    192.0.2.90
                IN TXT  "one address for all applications"
fixed.apps      IN A    192.0.2.91
host.group.apps IN A    192.0.2.92              ; group.apps exists now, the wildcard does not cover it
*.pages         IN CNAME web
part.*.odd      IN TXT  "makes *.odd an empty name"
*.mx            IN MX   5 any.apps

; Names that exist and have no records (empty non-terminals): b.ent, ent

a.b.ent         IN A    192.0.2.93

; A subtree moved elsewhere (RFC 6672)

legacy          IN DNAME current
                IN A    192.0.2.99
older           IN DNAME legacy
host.current    IN A    192.0.2.94
moved           IN DNAME moved.example.net.
too-long        IN DNAME (
        aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.example.net. )

; Delegations: a signed one with glue, and one whose servers are elsewhere

branch    86400 IN NS   ns1.branch
          86400 IN NS   ns2.branch
                IN DS   60485 13 2 (
                        d4b7d520e7bb5f0f67674a0cceb1e3e0
                        614b93c4f9e99b8383f6a1e4469da50a )
ns1.branch      IN A    198.51.100.53
                IN AAAA 2001:db8:b::53
ns2.branch      IN A    203.0.113.53
partner   86400 IN NS   ns1.example.net.
          86400 IN NS   ns1

; Rare and unknown types, odd names

lab             IN HINFO "RISC-V" "Debian"
                IN LOC  52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m
                IN RP   hostmaster lab
                IN EUI48 \# 6 00005e00532a        ; of a type that the parser has no text form for
                TYPE65280 \# 6 ( 0a00 0001 beef )
                CLASS1 TYPE1 \# 4 c000025f      ; an A record, spelt as an unknown one
a\.dotted\.label IN A   192.0.2.96
sp\032ace       IN TXT  "a name with a blank in it"

; Servers differ about a $TTL in an included file: does it last? Say it again.

$INCLUDE example.hosts hosts.example.
$TTL 1h

after           IN TXT  "the origin is example. again"
; Included by example.com.zone with its own origin, hosts.example.com.

$TTL 10m
alpha           IN A    192.0.2.101
                IN AAAA 2001:db8::101
beta            IN A    192.0.2.102
gamma           IN A    192.0.2.103
