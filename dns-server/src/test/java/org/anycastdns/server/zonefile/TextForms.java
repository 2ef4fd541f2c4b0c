package org.anycastdns.server.zonefile;

import java.util.ArrayList;
import java.util.List;

/// Ways of writing a master file, each with the records that it stands for or the verdict that it
/// is refused. What at least two of BIND 9.18, NSD 4.6 and Knot 3.2 accept is accepted; where that
/// rule is not followed the form says why. `TextFormsIT` asks the three of them.
public final class TextForms {

    /// What stands above the entries of a form.
    public static final String HEAD =
            """
            $TTL 3600
            @ SOA ns1 hostmaster 1 2 3 4 5
            @ NS ns.example.net.
            """;

    /// One way of writing.
    ///
    /// @param entries characters that stand for the octets of the same number (ISO 8859-1), below
    ///   {@link #HEAD}
    /// @param meaning the same records in the plainest way; "refused" when it is an error
    /// @param exception why the majority is not followed, or empty
    public record Form(String name, String entries, String meaning, String exception) {

        /// Whether it is an error.
        public boolean isRefused() {
            return meaning.equals(REFUSED);
        }
    }

    private static final String REFUSED = "refused";
    private static final String A = " A 192.0.2.1\n";

    private static final List<Form> FORMS = new ArrayList<>();

    private TextForms() {}

    /// All of them.
    public static List<Form> all() {
        return List.copyOf(FORMS);
    }

    private static void form(String name, String entries, String meaning) {
        FORMS.add(new Form(name, entries, meaning, ""));
    }

    private static void refused(String name, String entries) {
        FORMS.add(new Form(name, entries, REFUSED, ""));
    }

    private static void except(String name, String entries, String meaning, String exception) {
        FORMS.add(new Form(name, entries, meaning, exception));
    }

    static {
        octets();
        lineEnds();
        quotes();
        escapes();
        parentheses();
        names();
        timesToLive();
        classes();
        directives();
        lines();
    }

    private static void octets() {
        form("8-bit owner", "gr\u00c3\u00bc\u00dfe" + A, "gr\\195\\188\\223e" + A);
        form("8-bit text", "a TXT gr\u00c3\u00bc\n", "a TXT \"gr\\195\\188\"");
        form("8-bit target", "a CNAME gr\u00fc.\n", "a CNAME gr\\252.");
        form("8-bit octet escaped", "a\\\u00fc" + A, "a\\252" + A);
        form("8-bit octet in a comment", "; a\u00fcb\na" + A, "a" + A);
        for (int octet = 0; octet <= 0x20; octet++) {
            String written = "a" + (char) octet + "b" + A;
            if (octet == 0 || octet == '\t' || octet == '\n' || octet == '\r' || octet == ' ') {
                refused("octet %d in a name".formatted(octet), written);
            } else {
                form(
                        "octet %d in a name".formatted(octet),
                        written,
                        "a\\%03db".formatted(octet) + A);
            }
        }
        form("octet 127 in a name", "a\u007fb" + A, "a\\127b" + A);
        form("octet 1 in text", "a TXT x\u0001y\n", "a TXT \"x\\001y\"");
        form("form feed in text", "a TXT x\fy\n", "a TXT \"x\\012y\"");
        form("vertical tab in a quoted string", "a TXT \"x\u000by\"\n", "a TXT \"x\\011y\"");
        form("tab in a quoted string", "a TXT \"x\ty\"\n", "a TXT \"x\\009y\"");
        form("carriage return in a quoted string", "a TXT \"x\ry\"\n", "a TXT \"x\\013y\"");
        refused("NUL in text", "a TXT x\0y\n");
        form("NUL in a quoted string", "a TXT \"x\0y\"\n", "a TXT \"x\\000y\"");
        form("NUL in a comment", "; a\0b\na" + A, "a" + A);
        form("NUL escaped", "a\\\0b" + A, "a\\000b" + A);
        form("control character escaped", "a\\\u0001b" + A, "a\\001b" + A);
        refused("NUL at the end of a file", "a" + A + "\0");
        refused("control-Z at the end of a file", "a" + A + "\u001a");
        refused("form feed on a line of its own", "\f\na" + A);
        refused("vertical tab on a line of its own", "\u000b\na" + A);
        refused("no-break space on a line of its own", "\u00c2\u00a0\na" + A);
        refused("no-break space in a number", "a MX 1\u00c2\u00a00 m\n");
        refused("8-bit type", "a \u00c3\u00a4 x\n");
    }

    private static void lineEnds() {
        form("CR LF", "a A 192.0.2.1\r\nb A 192.0.2.2\r\n", "a A 192.0.2.1\nb A 192.0.2.2");
        form("CR LF after quotes", "a TXT \"x\"\r\nb TXT y\r\n", "a TXT x\nb TXT y");
        form("CR LF after a comment", "a TXT x ; c\r\nb TXT y\r\n", "a TXT x\nb TXT y");
        form("CR LF in parentheses", "a MX (\r\n 10\r\n m )\r\n", "a MX 10 m");
        form("CR", "a A 192.0.2.1\rb A 192.0.2.2\r", "a A 192.0.2.1\nb A 192.0.2.2");
        form("CR in parentheses", "a MX ( 10\r m )\r", "a MX 10 m");
        form("CR on empty lines", "\r\r\ra" + A, "a" + A);
        form("CR CR LF", "a A 192.0.2.1\r\r\nb" + A, "a A 192.0.2.1\nb" + A);
        refused("CR in a record", "a A\r192.0.2.1\n");
        refused("CR after an owner", "a\r A 192.0.2.1\n");
        refused("CR escaped", "a TXT x\\\ry\n");
        form("CR does not end a comment", "a TXT x ; c\rb TXT y\n", "a TXT x");
        form("no LF at the end", "a A 192.0.2.1", "a" + A);
        form("a comment and no LF at the end", "a A 192.0.2.1 ; c", "a" + A);
        form("blanks and no LF at the end", "a A 192.0.2.1\n   ", "a" + A);
    }

    private static void quotes() {
        form("adjacent strings", "a TXT \"a\"\"b\"\n", "a TXT a b");
        form("word after a string", "a TXT \"a\"b\n", "a TXT a b");
        form("string after a word", "a TXT a\"b\"\n", "a TXT a b");
        refused("quote in a word", "a TXT a\"b\n");
        refused("string over two lines", "a TXT \"x\ny\"\n");
        form("string over two lines in parentheses", "a TXT ( \"x\ny\" )\n", "a TXT \"x\\010y\"");
        refused("string without an end", "a TXT \"x");
        refused("string without an end in parentheses", "a TXT ( \"x\n y )\nb" + A);
        form("LF escaped in a string", "a TXT \"x\\\ny\"\n", "a TXT \"x\\010y\"");
        form("quote escaped in a string", "a TXT \"x\\\"y\"\n", "a TXT x\\034y");
        form("quote escaped in a word", "a TXT x\\\"y\n", "a TXT x\\034y");
        form("semicolon in a string", "a TXT \"x;y\"\n", "a TXT x\\059y");
        form("parentheses in a string", "a TXT \"(x)\"\n", "a TXT \\040x\\041");
        form("empty string", "a TXT \"\"\n", "a TXT \"\"");
        form("quoted owner", "\"a\" A 192.0.2.1\n", "a" + A);
        form("quoted owner with a blank", "\"a b\" A 192.0.2.1\n", "a\\032b" + A);
        form("quoted owner with a semicolon", "\"a;b\" A 192.0.2.1\n", "a\\059b" + A);
        form("quoted owner with an escape", "\"a\\.b\" A 192.0.2.1\n", "a\\.b" + A);
        form("quoted absolute owner", "\"a.example.com.\" A 192.0.2.1\n", "a" + A);
        form("quoted origin", "\"@\" A 192.0.2.1\n", "@" + A);
        refused("quoted owner of no characters", "\"\" A 192.0.2.1\n");
        refused("quoted owner after a blank", " \"a\" A 192.0.2.1\n");
        refused("quoted type", "a \"A\" 192.0.2.1\n");
        refused("quoted TTL", "a \"60\" A 192.0.2.1\n");
        refused("quoted class", "a \"IN\" A 192.0.2.1\n");
    }

    private static void escapes() {
        form("\\DDD of 255", "a\\255" + A, "a\\255" + A);
        except(
                "\\DDD of 256",
                "a\\256" + A,
                REFUSED,
                "there is no such octet; NSD and Knot each make something else of it");
        refused("\\DDD of 256 in text", "a TXT \\256\n");
        refused("\\DDD of 256 in a string", "a TXT \"\\256\"\n");
        refused("\\ and two digits", "a\\25x" + A);
        refused("\\ and one digit", "a\\2" + A);
        refused("\\ at the end of a line", "a TXT x\\\ny\n");
        refused("\\ at the end of the file", "a TXT x\\");
        form("escaped dot", "a\\.b" + A, "a\\046b" + A);
        form("escaped letters", "\\a\\b" + A, "ab" + A);
        form("escaped blank", "a\\ b" + A, "a\\032b" + A);
        form("escaped tab", "a\\\tb" + A, "a\\009b" + A);
        form("escaped semicolon", "a\\;b" + A, "a\\059b" + A);
        form("escaped semicolon in text", "a TXT x\\;y\n", "a TXT \"x;y\"");
        form("escaped parenthesis", "a\\(b" + A, "a\\040b" + A);
        form("escaped parentheses in text", "a TXT \\(x\\)\n", "a TXT \"(x)\"");
        form("escaped NUL by number", "a\\000b" + A, "a\\000b" + A);
        form("escaped @", "\\@ A 192.0.2.1\n", "\\064" + A);
        form("escaped asterisk", "\\* A 192.0.2.1\n", "*" + A);
        form("escaped $", "\\$a A 192.0.2.1\n", "\\036a" + A);
        form("$ in a name", "a$b A 192.0.2.1\n", "a\\036b" + A);
    }

    private static void parentheses() {
        form("( after the type", "a MX(10 m)\n", "a MX 10 m");
        form("( after a word", "a MX 10(m)\n", "a MX 10 m");
        form("( after the owner", "a(MX 10 m)\n", "a MX 10 m");
        form("( before a quote", "a TXT (\"x\")\n", "a TXT x");
        form("comments in parentheses", "a MX ( ; c )\n 10 ; (\n m ) ; x\n", "a MX 10 m");
        form("empty lines in parentheses", "a A (\n\n\n192.0.2.1\n)\n", "a" + A);
        form("a word in the first column", "a TXT ( x\ny )\n", "a TXT x y");
        form("type in parentheses", "a (\nA 192.0.2.1)\n", "a" + A);
        form("TTL in parentheses", "a (60) A 192.0.2.1\n", "a 60 A 192.0.2.1");
        form("( after a blank", "a A 192.0.2.1\n ( MX 10 m )\n", "a A 192.0.2.1\na MX 10 m");
        form("empty parentheses", "a A 192.0.2.1 ()\n", "a" + A);
        form("empty parentheses on a line", "( )\na" + A, "a" + A);
        form("comment after )", "a TXT (x);c\n", "a TXT x");
        refused("( without )", "a MX ( 10 m\n");
        refused(") without (", "a MX 10 m )\n");
        refused("two records on a line", "a A (192.0.2.1) b\n");
        except(
                "( in (",
                "a MX ( ( 10 ) m )\n",
                "a MX 10 m",
                "RFC 1035 does not forbid it and it has one meaning");
        except(
                "owner in parentheses",
                "( a MX 10 m )\n",
                "a MX 10 m",
                "RFC 1035 does not forbid it and it has one meaning");
    }

    private static void names() {
        String label = "a".repeat(63);
        String most = String.join(".", label, label, label, "b".repeat(49));
        form("label of 63 octets", label + A, "\\097".repeat(63) + A);
        form("label of 63 escapes", "\\097".repeat(63) + A, label + A);
        refused("label of 64 octets", "a" + label + A);
        refused("label of 64 escapes", "\\097".repeat(64) + A);
        form("name of 255 octets", most + A, most + ".example.com." + A);
        refused("name of 256 octets", most + "b" + A);
        form("target of 255 octets", "a CNAME " + most + "\n", "a CNAME " + most + ".example.com.");
        refused("target of 256 octets", "a CNAME " + most + "b\n");
        form("125 labels", "a.".repeat(120) + "a" + A, "a.".repeat(121) + "example.com." + A);
        refused("empty label", "a..b" + A);
        refused("dot at the start", ".a" + A);
        refused("two dots at the end", "a.." + A);
        form("@ in a label", "@b A 192.0.2.1\n", "\\@b" + A);
        form("@ as target", "a CNAME @\n", "a CNAME example.com.");
        form("owner that looks like a class", "IN IN A 192.0.2.1\n", "IN" + A);
        form("owner that looks like a type", "TXT TXT x\n", "TXT TXT x");
        form("owner that looks like a TTL", "1h A 192.0.2.1\n", "1h" + A);
        form("owner that is a number", "10 IN A 192.0.2.1\n", "10" + A);
        form("asterisk inside", "a.*.b" + A, "a.*.b" + A);
    }

    private static void timesToLive() {
        String[][] right = {
            {"1H", "3600"},
            {"1h30m", "5400"},
            {"1H30M", "5400"},
            {"1w2d3h4m5s", "788645"},
            {"30m1h", "5400"},
            {"1h1h", "7200"},
            {"2147483647", "2147483647"},
            {"0", "0"},
            {"007", "7"},
            {"3600s", "3600"},
            {"5S", "5"},
            {"1D", "86400"},
            {"35w", "21168000"},
            {"00000000060", "60"},
            {"1h0m", "3600"},
            {"0s", "0"},
            {"24h60m60s", "90060"},
            {"2147483648", "0"},
            {"4294967295", "0"},
            {"3551w", "0"},
        };
        for (String[] ttl : right) {
            form("TTL " + ttl[0], "a " + ttl[0] + A, "a " + ttl[1] + A);
            form("$TTL " + ttl[0], "$TTL " + ttl[0] + "\na" + A, "a " + ttl[1] + A);
        }
        for (String wrong :
                List.of(
                        "1h30",
                        "h",
                        "1x",
                        "-1",
                        "+1",
                        "1.5h",
                        "0x10",
                        "1y",
                        "1hm",
                        "1h30m5",
                        "4294967296",
                        "7102w")) {
            refused("TTL " + wrong, "a " + wrong + A);
            refused("$TTL " + wrong, "$TTL " + wrong + "\na" + A);
        }
        refused("two TTLs", "a 60 60" + A);
        refused("TTL after the type", "a A 60 192.0.2.1\n");
    }

    private static void classes() {
        form("class before TTL", "a IN 60" + A, "a 60" + A);
        form("TTL before class", "a 60 IN" + A, "a 60" + A);
        form("class in lower case", "a in A 192.0.2.1\n", "a" + A);
        form("CLASS1", "a CLASS1" + A, "a" + A);
        form("class1", "a class1" + A, "a" + A);
        form("class and TTL without owner", "a" + A + " 60 IN TXT x\n", "a" + A + "a 60 TXT x");
        form("type in lower case", "a txt x\n", "a TXT x");
        form("TYPE1", "a TYPE1 192.0.2.1\n", "a" + A);
        form("type1 and \\#", "a type1 \\# 4 c0000201\n", "a" + A);
        form("\\# in several words", "a A \\# 4 c0 00 02 01\n", "a" + A);
        form("leading zero in TYPE01", "a TYPE01 \\# 4 c0000201\n", "a" + A);
        for (String wrong : List.of("CH", "ANY", "NONE", "CLASS256", "IN IN", "IN 60 IN")) {
            refused("class " + wrong, "a " + wrong + A);
        }
        refused("type above 65535", "a TYPE65536 \\# 0\n");
        refused("something after the data", "a A 192.0.2.1 x\n");
    }

    private static void directives() {
        form("$ttl", "$ttl 60\na" + A, "a 60" + A);
        form("$TTL and a tab", "$TTL\t60\na" + A, "a 60" + A);
        form("$TTL and a comment", "$TTL 60 ; c\na" + A, "a 60" + A);
        form("$TTL in parentheses", "$TTL (\n60 )\na" + A, "a 60" + A);
        form("$origin", "$origin sub.example.com.\na" + A, "a.sub" + A);
        form("$OrIgIn", "$OrIgIn sub.example.com.\na" + A, "a.sub" + A);
        form("$ORIGIN with an escape", "$ORIGIN a\\.b.example.com.\na" + A, "a.a\\.b" + A);
        form("$ORIGIN with 8 bits", "$ORIGIN gr\u00fc.example.com.\na" + A, "a.gr\\252" + A);
        form("$ORIGIN .", "$ORIGIN .\na.example.com" + A, "a" + A);
        form("$ORIGIN @", "$ORIGIN sub.example.com.\n$ORIGIN @\na" + A, "a.sub" + A);
        form(
                "no owner after $ORIGIN",
                "a" + A + "$ORIGIN sub.example.com.\n TXT x\n",
                "a" + A + "a TXT x");
        except(
                "relative $ORIGIN",
                "$ORIGIN sub\na" + A,
                "a.sub" + A,
                "RFC 1035 does not ask for an absolute name, and BIND takes it so");
        refused("quoted $ORIGIN", "$ORIGIN \"sub.example.com.\"\na" + A);
        refused("quoted $TTL", "$TTL \"60\"\na" + A);
        refused("$ORIGIN with more", "$ORIGIN sub.example.com. x\na" + A);
        refused("$TTL with more", "$TTL 60 x\na" + A);
        refused("$ORIGIN without a name", "$ORIGIN\na" + A);
        refused("$TTL without a time", "$TTL\na" + A);
        refused("$ORIGIN with an empty label", "$ORIGIN a..example.com.\na" + A);
        refused("directive after a blank", " $TTL 60\na" + A);
        refused("unknown directive", "$FOO x\na" + A);
        refused("$ as owner", "$ A 192.0.2.1\n");
        refused("owner that starts with $", "$a A 192.0.2.1\n");
    }

    private static void lines() {
        form("blank lines", "   \n\t\n \t \na" + A, "a" + A);
        form("comment after blanks", "  ; c\na" + A, "a" + A);
        form("comment after a word", "a A 192.0.2.1;c\n", "a" + A);
        form("tabs", "a\tA\t192.0.2.1\n", "a" + A);
        form("no owner after $TTL", "a" + A + "$TTL 60\n TXT x\n", "a" + A + "a 60 TXT x");
    }
}
