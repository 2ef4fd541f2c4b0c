package org.anycastdns.server.rdata;

/// Locates the domain names in RDATA that matter to a server. Some may be compressed in a response,
/// but only in the types of RFC 1035 (RFC 3597 section 4). Others name a host whose addresses
/// belong in the additional section (RFC 1035 section 3.3, RFC 2782, RFC 9460 section 4.1).
public final class RdataNames {

    /// Types from this number on have no such names.
    public static final int TYPES = 128;

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

    /// Returns the number of names that may be compressed, 0 to 2; they are adjacent.
    public static int compressible(int type) {
        return type < TYPES ? COMPRESSIBLE[type] : 0;
    }

    /// Returns the offset of the first compressible name in the RDATA.
    public static int compressibleOffset(int type) {
        return type < TYPES ? COMPRESSIBLE_OFFSETS[type] : 0;
    }

    /// Returns the offset of the name of a host whose addresses belong in the additional section,
    /// or -1 if the type has none.
    public static int hostOffset(int type) {
        return type < TYPES ? HOST_OFFSETS[type] : -1;
    }
}
