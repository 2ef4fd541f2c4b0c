package org.anycastdns.server.rdata;

/// The protocol and the services of WKS (RFC 1035 section 3.4.2), as numbers or names.
final class WksField extends Field {

    private static final int PORTS = 1 << 16;

    private static final Mnemonics PROTOCOLS =
            new Mnemonics(
                    "tcp",
                    "ICMP 1 IGMP 2 GGP 3 ST 5 TCP 6 UCL 7 EGP 8 IGP 9 BBN-RCC-MON 10 NVP-II 11"
                            + " PUP 12 ARGUS 13 EMCON 14 XNET 15 CHAOS 16 UDP 17 MUX 18"
                            + " DCN-MEAS 19 HMP 20 PRM 21 XNS-IDP 22 RDP 27 IRTP 28 ISO-TP4 29"
                            + " NETBLT 30 MFE-NSP 31 MERIT-INP 32 SEP 33 IPV6 41 GRE 47 ESP 50"
                            + " AH 51 IPV6-ICMP 58 CFTP 62 OSPF 89 SCTP 132");

    /// Service names of RFC 1010, and of later services that existing files may use.
    private static final Mnemonics SERVICES =
            new Mnemonics(
                    "smtp",
                    "TCPMUX 1 RJE 5 ECHO 7 DISCARD 9 SYSTAT 11 USERS 11 DAYTIME 13 NETSTAT 15"
                            + " QOTD 17 QUOTE 17 CHARGEN 19 FTP-DATA 20 FTP 21 SSH 22 TELNET 23"
                            + " SMTP 25 TIME 37 RLP 39 NAMESERVER 42 NAME 42 WHOIS 43 NICNAME 43"
                            + " LOGIN 49 TACACS 49 DOMAIN 53 BOOTPS 67 BOOTPC 68 TFTP 69"
                            + " GOPHER 70 FINGER 79 HTTP 80 WWW 80 LINK 87 KERBEROS 88 SUPDUP 95"
                            + " HOSTNAMES 101 HOSTNAME 101 ISO-TSAP 102 X400 103 X400-SND 104"
                            + " CSNET-NS 105 RTELNET 107 POP2 109 POP-2 109 POP3 110 POP-3 110"
                            + " SUNRPC 111 PORTMAPPER 111 AUTH 113 IDENT 113 SFTP 115"
                            + " UUCP-PATH 117 NNTP 119 NTP 123 NETBIOS-NS 137 NETBIOS-DGM 138"
                            + " NETBIOS-SSN 139 IMAP 143 IMAP2 143 SNMP 161 SNMPTRAP 162"
                            + " SNMP-TRAP 162 XDMCP 177 BGP 179 IRC 194 LDAP 389 HTTPS 443"
                            + " SUBMISSION 587 LDAPS 636 DOMAIN-S 853 IMAPS 993 POP3S 995");

    @Override
    boolean read(RdataReader in) {
        if (!in.number(1, 0xff, PROTOCOLS)) {
            return false;
        }
        int start = in.end();
        while (in.more()) {
            int number = in.end();
            if (!in.number(2, PORTS - 1, SERVICES)) {
                return false;
            }
            int port = in.octet(number) << 8 | in.octet(number + 1);
            in.end(number);
            while (in.end() - start <= port / 8) {
                in.put(0, 1);
            }
            in.octet(start + port / 8, in.octet(start + port / 8) | 0x80 >> port % 8);
        }
        return true;
    }

    @Override
    boolean check(RdataOctets in) {
        if (!in.skip(1)) {
            return false;
        }
        if (in.left() > PORTS / 8) {
            return in.refuse(
                    "the bitmap of services is longer than %d octets".formatted(PORTS / 8));
        }
        in.skipAll();
        return true;
    }

    @Override
    boolean hasText(RdataOctets in) {
        in.skip(1);
        boolean ends = in.left() == 0 || in.peek(in.left() - 1) != 0;
        in.skipAll();
        return ends;
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        to.append(' ').append(in.next());
        for (int port = 0; in.left() > 0; port += 8) {
            int bits = in.next();
            for (int bit = 0; bit < 8; bit++) {
                if ((bits & 0x80 >> bit) != 0) {
                    to.append(' ').append(port + bit);
                }
            }
        }
    }
}
