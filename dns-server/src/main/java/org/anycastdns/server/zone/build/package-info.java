/// Builds the image of a zone from its records. The same records always give the same image, octet
/// for octet, whatever their order and however many threads work on it.
///
/// ```
///   Records                     in the order of their addition
///     -> OwnerTable             by owner name; OwnerNames finds a name by its hash
///     -> Nodes                  owners in canonical order, with parents, cuts and wildcards
///     -> ChainBuilder           which NSEC or NSEC3 chain proves what does not exist
///     -> BucketBuilder          where each node is in the image
///     -> SetBatch -> SetPool    record sets, encoded in parallel and stored once
///     -> image                  ZoneBuilder runs these steps; `zone` reads the result
///
///   ZoneDigest: the digest of the records for ZONEMD
/// ```
///
/// A zone may have millions of names. All data about them is in arrays of numbers, and loops over
/// all names read ahead ({@link OwnerTable}).
@NullMarked
package org.anycastdns.server.zone.build;

import org.jspecify.annotations.NullMarked;
