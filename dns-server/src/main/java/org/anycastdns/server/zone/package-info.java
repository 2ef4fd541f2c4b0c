/// Zones in the form that the answer path reads: immutable off-heap images, complete and checked.
/// An image contains no Java object. A new image is built beside the old one, and the server swaps
/// them atomically.
///
/// ```
///   zone.build: records -> image           (Layout says where everything is)
///   zone.file:  file -> image, checked
///                         |
///                         v
///   ZoneSet --longest apex--> Zone, a view of an image
///                              |-- Buckets: name -> node
///                              |-- record sets of a node
///                              '-- HashChain: the chain of NSEC3 records
/// ```
@NullMarked
package org.anycastdns.server.zone;

import org.jspecify.annotations.NullMarked;
