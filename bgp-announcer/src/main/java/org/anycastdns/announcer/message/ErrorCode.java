package org.anycastdns.announcer.message;

/// The Error Code and Error Subcode of a NOTIFICATION (RFC 4271 section 4.5, RFC 4486, RFC 6608,
/// RFC 8538, RFC 9234, RFC 9384, RFC 9687).
public enum ErrorCode {
    NOT_SYNCHRONIZED(1, 1, "Connection Not Synchronized"),
    BAD_MESSAGE_LENGTH(1, 2, "Bad Message Length"),
    BAD_MESSAGE_TYPE(1, 3, "Bad Message Type"),

    OPEN_UNSPECIFIC(2, 0, "OPEN Message Error"),
    UNSUPPORTED_VERSION(2, 1, "Unsupported Version Number"),
    BAD_PEER_AS(2, 2, "Bad Peer AS"),
    BAD_ROUTER_ID(2, 3, "Bad BGP Identifier"),
    UNSUPPORTED_PARAMETER(2, 4, "Unsupported Optional Parameter"),
    UNACCEPTABLE_HOLD_TIME(2, 6, "Unacceptable Hold Time"),
    UNSUPPORTED_CAPABILITY(2, 7, "Unsupported Capability"),
    ROLE_MISMATCH(2, 11, "Role Mismatch"),

    MALFORMED_ATTRIBUTES(3, 1, "Malformed Attribute List"),
    OPTIONAL_ATTRIBUTE(3, 9, "Optional Attribute Error"),
    INVALID_NETWORK(3, 10, "Invalid Network Field"),

    HOLD_TIMER_EXPIRED(4, 0, "Hold Timer Expired"),

    UNEXPECTED_IN_OPEN_SENT(5, 1, "Unexpected Message in OpenSent"),
    UNEXPECTED_IN_OPEN_CONFIRM(5, 2, "Unexpected Message in OpenConfirm"),
    UNEXPECTED_IN_ESTABLISHED(5, 3, "Unexpected Message in Established"),

    CEASE(6, 0, "Cease"),
    MAX_PREFIXES(6, 1, "Maximum Number of Prefixes Reached"),
    SHUTDOWN(6, 2, "Administrative Shutdown"),
    DECONFIGURED(6, 3, "Peer De-configured"),
    RESET(6, 4, "Administrative Reset"),
    CONNECTION_REJECTED(6, 5, "Connection Rejected"),
    CONFIGURATION_CHANGE(6, 6, "Other Configuration Change"),
    COLLISION(6, 7, "Connection Collision Resolution"),
    OUT_OF_RESOURCES(6, 8, "Out of Resources"),
    HARD_RESET(6, 9, "Hard Reset"),
    BFD_DOWN(6, 10, "BFD Down"),

    SEND_HOLD_TIMER_EXPIRED(8, 0, "Send Hold Timer Expired");

    private final int code;
    private final int subcode;
    private final String text;

    ErrorCode(int code, int subcode, String text) {
        this.code = code;
        this.subcode = subcode;
        this.text = text;
    }

    /// Returns the Error Code on the wire.
    public int code() {
        return code;
    }

    /// Returns the Error Subcode on the wire.
    public int subcode() {
        return subcode;
    }

    /// Returns the name in the IANA registry.
    public String text() {
        return text;
    }
}
