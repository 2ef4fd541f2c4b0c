/// Zones in the form that the answer path reads: immutable off-heap images, complete and checked.
/// An image contains no Java object. A new image is built beside the old one, and the server swaps
/// them atomically.
///
/// ```
///   records -> ZoneBuilder -> image (Layout): Buckets of nodes -> encoded record sets
///                               |                                 NSEC or NSEC3 chain (HashChain)
///                               v
///             Zone, a view of an image -> ZoneSet (zones by apex; the longest match answers)
///
///   ImageFile: the images of many zones as one file; reads it back with checks
/// ```
@NullMarked
package org.anycastdns.server.zone;

import org.jspecify.annotations.NullMarked;
