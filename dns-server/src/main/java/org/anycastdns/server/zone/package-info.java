/// Zones in the form that the answer path reads: immutable off-heap images, complete and checked.
/// An image contains no Java object. A new image is built beside the old one, and the server swaps
/// them atomically.
///
/// ```
///   zone.build: records -> image           zone.file: file -> image, checked
///                             |              |
///                             v              v
///   ZoneSet --longest apex--> Zone: a view of an image, whose Layout says where everything is
///                              |-- Buckets, ImageNodes    name -> node; the parts of a node
///                              |-- RecordSets             the record sets of a node
///                              |-- ImageNames             names of nodes, names in record sets
///                              '-- NsecChain, HashChain   what proves that a name does not exist
/// ```
///
/// Nodes and record sets are numbers and not objects: an answer allocates nothing. {@link Zone} and
/// {@link ImageNodes} take nodes, {@link RecordSets} takes record sets. An {@link Overlay} says
/// what has changed since the image was built.
///
/// More than 20 types because each part of an image, and each table of an overlay, is one.
@NullMarked
package org.anycastdns.server.zone;

import org.jspecify.annotations.NullMarked;
