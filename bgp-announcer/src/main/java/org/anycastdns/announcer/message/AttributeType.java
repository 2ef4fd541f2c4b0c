package org.anycastdns.announcer.message;

/// The type codes and flags of the path attributes that the codec knows.
final class AttributeType {

    static final int ORIGIN = 1;
    static final int AS_PATH = 2;
    static final int NEXT_HOP = 3;
    static final int MULTI_EXIT_DISC = 4;
    static final int LOCAL_PREF = 5;
    static final int ATOMIC_AGGREGATE = 6;
    static final int AGGREGATOR = 7;
    static final int COMMUNITIES = 8;
    static final int MP_REACH_NLRI = 14;
    static final int MP_UNREACH_NLRI = 15;
    static final int AS4_PATH = 17;
    static final int LARGE_COMMUNITY = 32;
    static final int ONLY_TO_CUSTOMER = 35;

    static final int OPTIONAL = 0x80;
    static final int TRANSITIVE = 0x40;
    static final int PARTIAL = 0x20;

    /// Set when the attribute's length field has two octets.
    static final int EXTENDED_LENGTH = 0x10;

    static final int AS_SET = 1;
    static final int AS_SEQUENCE = 2;

    private AttributeType() {}

    /// Returns the required optional and transitive flags of a type, or -1 when it is unknown.
    static int flags(int type) {
        return switch (type) {
            case ORIGIN, AS_PATH, NEXT_HOP, LOCAL_PREF, ATOMIC_AGGREGATE -> TRANSITIVE;
            case MULTI_EXIT_DISC, MP_REACH_NLRI, MP_UNREACH_NLRI -> OPTIONAL;
            case AGGREGATOR, COMMUNITIES, AS4_PATH, LARGE_COMMUNITY, ONLY_TO_CUSTOMER ->
                    OPTIONAL | TRANSITIVE;
            default -> -1;
        };
    }
}
