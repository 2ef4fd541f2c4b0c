package org.anycastdns.server.rdata;

/// Where the table has domain names that matter to a server: those that may be compressed in a
/// response (only the types of RFC 1035, says RFC 3597 section 4), and those that name a host whose
/// addresses belong into the additional section (RFC 1035 section 3.3, RFC 2782, RFC 9460 section
/// 4.1).
public final class RdataNames {

    /// Types from here on have no such names.
    private static final int TYPES = 128;

    private static final byte[] COMPRESSIBLE = new byte[TYPES];
    private static final byte[] COMPRESSIBLE_OFFSETS = new byte[TYPES];
    private static final byte[] HOST_OFFSETS = new byte[TYPES];

    static {
        for (int type = 0; type < TYPES; type++) {
            HOST_OFFSETS[type] = -1;
            int offset = 0;
            for (Field field : RecordTypes.fields(type)) {
                if (field instanceof NameField name && name.isCompressible()) {
                    COMPRESSIBLE_OFFSETS[type] =
                            (byte) (COMPRESSIBLE[type] == 0 ? offset : COMPRESSIBLE_OFFSETS[type]);
                    COMPRESSIBLE[type]++;
                }
                if (field instanceof NameField name && name.isHost()) {
                    HOST_OFFSETS[type] = (byte) offset;
                }
                offset += field.width() == Field.VARIABLE ? 0 : field.width();
            }
        }
    }

    private RdataNames() {}

    /// Returns the number of names that may be compressed, 0 to 2; they follow each other.
    public static int compressible(int type) {
        return type < TYPES ? COMPRESSIBLE[type] : 0;
    }

    /// Returns the offset of the first compressible name in the RDATA.
    public static int compressibleOffset(int type) {
        return type < TYPES ? COMPRESSIBLE_OFFSETS[type] : 0;
    }

    /// Returns the offset of the name of a host whose addresses are worth sending along, or -1 when
    /// the type has none.
    public static int hostOffset(int type) {
        return type < TYPES ? HOST_OFFSETS[type] : -1;
    }
}
