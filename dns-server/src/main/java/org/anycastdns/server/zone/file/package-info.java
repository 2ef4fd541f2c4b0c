/// The images of many zones as one file, and the checks before such zones are served.
///
/// ```
///   zones -> ImageFile.parts -> file
///   file -> ImageFile.open (header, checksum) -> ImageFile.check (digest)
///                                                  '-> ImageCheck: every reference and walk is sound
/// ```
///
/// The answer path does not check what it reads from an image. What comes from outside must
/// therefore pass {@link ImageCheck}.
@NullMarked
package org.anycastdns.server.zone.file;

import org.jspecify.annotations.NullMarked;
