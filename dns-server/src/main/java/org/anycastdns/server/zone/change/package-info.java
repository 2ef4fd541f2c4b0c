/// Changes of zones whose cost depends on the change and not on the zone: the net result of an IXFR
/// or UPDATE becomes an overlay of the immutable image. An overlay holds whole nodes for all names
/// that the change touches, written by the code that builds images into room behind the base image,
/// so that one memory holds both and a reader needs no case distinction. A number that an image
/// refers to is the *first* number of a node; the overlay maps it to the present one. Nothing that
/// depends on the names above is stored for changed zones: covering cuts are found by walking up.
/// Whatever an overlay does not represent exactly is built anew, through the same door; {@link
/// ChangeRules}, {@link HostRules} and {@link HashDraft} say what that is, and {@link ReadBack}
/// reads every written record before it counts.
///
/// ```
///   ZoneStep ...  --ZoneChange.of, each step checked-->  ZoneChange: owner, records before, after
///                                                            |
///   ChangingZone  --ChangingZones.apply-----------------> ChangingZone
///     Zone: image | room <- Overlay                       same memory, next Overlay
///     KeptRecords: what the image loses                   or a new image (NeedsBuildException)
///     Ground: BaseFacts, Room                             ChangingZones.merge: without overlay
///
///   a lookup:  name -> bucket of the base -> first number -> Overlay.present -> node
///                  '-> NewNames (only if the base lacks the name)
/// ```
///
/// `ChangingZone.forEach` lists all records as they were given. An image that is built from this
/// list is the one that the same records give by any other way.
///
/// More than 20 types because each rule about what an overlay can be, and each fact that it needs,
/// is one.
@NullMarked
package org.anycastdns.server.zone.change;

import org.jspecify.annotations.NullMarked;
