package org.anycastdns.server.rdata;

/// The data of DOA in base64, or "-" if it is empty (draft-durand-doa-over-dns section 3.2).
final class DoaDataField extends RestField {

    DoaDataField() {
        super("data");
    }

    @Override
    boolean read(RdataReader in) {
        boolean none = in.word() && in.stop() - in.start() == 1 && in.character(in.start()) == '-';
        return none ? in.taken() : in.base64(true);
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        if (in.left() == 0) {
            to.append(" -");
        } else {
            in.base64(in.left(), to.append(' '));
        }
    }
}
