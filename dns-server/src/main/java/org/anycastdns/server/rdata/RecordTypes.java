package org.anycastdns.server.rdata;

import static org.anycastdns.server.rdata.Mnemonics.ALGORITHMS;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anycastdns.server.wire.RecordType;

/// The table of record types: each type that IANA lists for zones, with the list of its fields. A
/// type that is not listed, or that has no fields (NULL, whose data RFC 1035 leaves open), is read
/// and written only as \# (RFC 3597).
final class RecordTypes {

    private static final Map<Integer, Field[]> ROWS = new TreeMap<>();

    // Types below this number are in an array, because every record of a zone looks up its row.
    private static final int DENSE = 512;
    private static final Field[][] BY_NUMBER = new Field[DENSE][];
    private static final Field[] NONE = {};

    static {
        rfc1035();
        hostsAndServices();
        securityAndKeys();
        dnssec();
        addressesAndPlaces();
        text();
        Arrays.setAll(BY_NUMBER, type -> ROWS.getOrDefault(type, NONE));
    }

    private RecordTypes() {}

    private static void row(String mnemonic, Field... fields) {
        ROWS.put(RecordType.of(mnemonic), fields);
    }

    /// Adds the types of RFC 1035 sections 3.3 and 3.4.
    private static void rfc1035() {
        row("A", AddressField.ipv4());
        row("NS", NameField.old("host").host());
        row("MD", NameField.old("host"));
        row("MF", NameField.old("host"));
        row("CNAME", NameField.old("target"));
        row(
                "SOA",
                NameField.old("primary name server"),
                NameField.old("mailbox"),
                NumberField.of32("serial"),
                new PeriodField("refresh"),
                new PeriodField("retry"),
                new PeriodField("expire"),
                new PeriodField("minimum"));
        row("MB", NameField.old("host"));
        row("MG", NameField.old("mailbox"));
        row("MR", NameField.old("mailbox"));
        row("WKS", AddressField.ipv4(), new WksField().named("services"));
        row("PTR", NameField.old("target"));
        row("HINFO", StringField.one("CPU"), StringField.one("OS"));
        row("MINFO", NameField.old("responsible mailbox"), NameField.old("error mailbox"));
        row("MX", NumberField.of16("preference"), NameField.old("host").host());
        row("TXT", StringField.toEnd("text"));
    }

    private static void hostsAndServices() {
        // RFC 1183
        row("RP", NameField.lowered("mailbox"), NameField.lowered("TXT name"));
        row("AFSDB", NumberField.of16("subtype"), NameField.lowered("host"));
        row("X25", DigitStringField.x25());
        row("ISDN", StringField.one("address"), StringField.oneOrNone("subaddress"));
        row("RT", NumberField.of16("preference"), NameField.lowered("host"));
        // RFC 2163, 2230
        row(
                "PX",
                NumberField.of16("preference"),
                NameField.lowered("RFC 822 name"),
                NameField.lowered("X.400 name"));
        row("KX", NumberField.of16("preference"), NameField.lowered("host"));
        // RFC 2782, 3403, 6672
        row(
                "SRV",
                NumberField.of16("priority"),
                NumberField.of16("weight"),
                NumberField.of16("port"),
                NameField.lowered("target").host());
        row(
                "NAPTR",
                NumberField.of16("order"),
                NumberField.of16("preference"),
                StringField.one("flags"),
                StringField.one("services"),
                StringField.one("regular expression"),
                NameField.lowered("replacement"));
        row("DNAME", NameField.lowered("target"));
        // RFC 7553, 9460
        row(
                "URI",
                NumberField.of16("priority"),
                NumberField.of16("weight"),
                new TextField("target"));
        for (String service : List.of("SVCB", "HTTPS")) {
            row(
                    service,
                    NumberField.of16("priority"),
                    NameField.plain("target").host(),
                    new SvcParamsField().named("parameters"));
        }
        // RFC 8659, 9859
        row("CAA", NumberField.of8("flags"), new TagField(), new TextField("value"));
        row(
                "DSYNC",
                new TypeField("record type"),
                NumberField.of8("scheme").or(Mnemonics.SCHEMES),
                NumberField.of16("port"),
                NameField.plain("target"));
        row("TALINK", NameField.plain("previous name"), NameField.plain("next name"));
    }

    private static void securityAndKeys() {
        // RFC 4398, 4255, 4025, 4701
        row(
                "CERT",
                NumberField.of16("certificate type").or(Mnemonics.CERTIFICATES),
                NumberField.of16("key tag"),
                NumberField.of8("algorithm").or(ALGORITHMS),
                BlobField.base64("certificate"));
        row(
                "SSHFP",
                NumberField.of8("algorithm"),
                NumberField.of8("fingerprint type"),
                BlobField.hex("fingerprint"));
        row(
                "IPSECKEY",
                NumberField.of8("precedence"),
                NumberField.of8("gateway type"),
                NumberField.of8("algorithm"),
                new GatewayField("gateway"),
                BlobField.base64("public key").atLeast(0));
        row("DHCID", BlobField.base64("digest"));
        // RFC 6698, 8162
        for (String certificate : List.of("TLSA", "SMIMEA")) {
            row(
                    certificate,
                    NumberField.of8("certificate usage"),
                    NumberField.of8("selector"),
                    NumberField.of8("matching type"),
                    BlobField.hex("certificate association data"));
        }
        // RFC 8005, 7929, 9886
        row("HIP", new HipField().named("host identity"), new NameListField("rendezvous server"));
        row("OPENPGPKEY", BlobField.base64("public key"));
        row("HHIT", BlobField.base64("data"));
        row("BRID", BlobField.base64("data"));
        // draft-reid-dnsext-rkey
        row(
                "RKEY",
                NumberField.of16("flags"),
                NumberField.of8("protocol"),
                NumberField.of8("algorithm").or(ALGORITHMS),
                BlobField.base64("public key"));
    }

    private static void dnssec() {
        for (String digest : List.of("DS", "CDS", "DLV", "TA")) {
            row(
                    digest,
                    NumberField.of16("key tag"),
                    NumberField.of8("algorithm").or(ALGORITHMS),
                    NumberField.of8("digest type").or(Mnemonics.DIGESTS),
                    new DigestField().named("digest"));
        }
        for (String key : List.of("DNSKEY", "CDNSKEY")) {
            row(
                    key,
                    NumberField.of16("flags"),
                    NumberField.of8("protocol"),
                    NumberField.of8("algorithm").or(ALGORITHMS),
                    BlobField.base64("public key"));
        }
        for (String signature : List.of("RRSIG", "SIG")) {
            row(
                    signature,
                    new TypeField("type covered"),
                    NumberField.of8("algorithm").or(ALGORITHMS),
                    NumberField.of8("labels"),
                    NumberField.of32("original TTL"),
                    new TimeField("expiration"),
                    new TimeField("inception"),
                    NumberField.of16("key tag"),
                    NameField.lowered("signer"),
                    BlobField.base64("signature"));
        }
        row("NSEC", NameField.plain("next name"), new TypeBitmapField().named("types"));
        row(
                "NSEC3",
                NumberField.of8("hash algorithm").or(Mnemonics.HASHES),
                NumberField.of8("flags"),
                NumberField.of16("iterations"),
                new SaltField().named("salt"),
                new HashField().named("next hashed owner name"),
                new TypeBitmapField().named("types"));
        row(
                "NSEC3PARAM",
                NumberField.of8("hash algorithm").or(Mnemonics.HASHES),
                NumberField.of8("flags"),
                NumberField.of16("iterations"),
                new SaltField().named("salt"));
        row(
                "CSYNC",
                NumberField.of32("serial"),
                NumberField.of16("flags"),
                new TypeBitmapField().named("types"));
        row(
                "ZONEMD",
                NumberField.of32("serial"),
                NumberField.of8("scheme"),
                NumberField.of8("hash algorithm"),
                BlobField.hex("digest"));
        // RFC 2535, before RFC 4034
        row(
                "KEY",
                new KeyFlagsField(),
                NumberField.of8("protocol").or(Mnemonics.KEY_PROTOCOLS),
                NumberField.of8("algorithm").or(ALGORITHMS),
                new KeyField());
        row("NXT", NameField.lowered("next name"), new NxtTypesField().named("types"));
    }

    private static void addressesAndPlaces() {
        row("AAAA", AddressField.ipv6());
        row("A6", new A6Field().named("address"));
        row("APL", new AplField().named("prefix"));
        row("NSAP", NsapField.nsap());
        row("NSAP-PTR", NameField.plain("target"));
        row("ATMA", NsapField.atma());
        row("EID", BlobField.hex("endpoint"));
        row("NIMLOC", BlobField.hex("locator"));
        row("EUI48", GroupsField.eui48());
        row("EUI64", GroupsField.eui64());
        // RFC 6742
        row("NID", NumberField.of16("preference"), GroupsField.ilnp("node identifier"));
        row("L32", NumberField.of16("preference"), AddressField.ipv4());
        row("L64", NumberField.of16("preference"), GroupsField.ilnp("locator"));
        row("LP", NumberField.of16("preference"), NameField.plain("locator pointer"));
        // RFC 8777
        row(
                "AMTRELAY",
                NumberField.of8("precedence"),
                new RelayKindField().named("discovery and relay type"),
                new GatewayField("relay"));
        row("IPN", new LongNumberField("node"));
        row("LOC", new LocationField().named("location"));
        // The example in RFC 1712 has latitude and longitude in reverse order.
        row(
                "GPOS",
                DigitStringField.decimal("longitude", -180, 180),
                DigitStringField.decimal("latitude", -180, 180),
                DigitStringField.decimal("altitude", -Double.MAX_VALUE, Double.MAX_VALUE));
    }

    private static void text() {
        row("SPF", StringField.toEnd("text"));
        row("NINFO", StringField.toEnd("text"));
        row("AVC", StringField.toEnd("text"));
        row("RESINFO", StringField.toEnd("text"));
        row("WALLET", StringField.toEnd("text"));
        row("CLA", StringField.toEnd("text"));
        // draft-eastlake-kitchen-sink
        row(
                "SINK",
                NumberField.of8("meaning"),
                NumberField.of8("coding"),
                NumberField.of8("subcoding"),
                BlobField.base64("data").atLeast(0));
        row(
                "DOA",
                NumberField.of32("enterprise"),
                NumberField.of32("type"),
                NumberField.of8("location"),
                StringField.one("media type"),
                new DoaDataField());
    }

    /// Returns the fields of a type; none if it has no text form.
    static Field[] fields(int type) {
        return type < DENSE ? BY_NUMBER[type] : ROWS.getOrDefault(type, NONE);
    }

    /// Returns the types with fields, in ascending order.
    static List<Integer> types() {
        return List.copyOf(ROWS.keySet());
    }
}
