/// The zone as the answer path sees it: an immutable, pointer-free image outside the heap, complete
/// and checked, built beside the old one and swapped as a whole.
///
/// ```
///   records -> ZoneBuilder -> image (Layout): Buckets of nodes -> record sets in their final octets
///                               |                                 NSEC or NSEC3 chain (HashChain)
///                               v
///             Zone, a view of an image -> ZoneSet (zones by apex; the longest matching apex answers)
///
///   ImageFile: the images of many zones as one file, and back, checked
/// ```
@NullMarked
package org.anycastdns.server.zone;

import org.jspecify.annotations.NullMarked;
