/// What the tests of both programs share: the architecture check ({@link Tidy}) and programs run as
/// processes. Nothing here is on a class path at run time.
@NullMarked
package org.anycastdns.testkit;

import org.jspecify.annotations.NullMarked;
