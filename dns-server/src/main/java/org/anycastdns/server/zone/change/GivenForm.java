package org.anycastdns.server.zone.change;

/// How the records of the NSEC or NSEC3 chain were given, where an image has another form for all
/// of them.
///
/// @param ttlSeconds TTL that the image lowered to that of negative answers (RFC 9077 section 3);
///   -1 if it lowered none
/// @param upperCase whether the hashes in the owner names of NSEC3 records are in upper case, as
///   BIND sends them
record GivenForm(int ttlSeconds, boolean upperCase) {

    /// The form that images have.
    static final GivenForm OF_IMAGE = new GivenForm(-1, false);
}
