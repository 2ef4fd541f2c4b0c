/// The lab as an operator sees it: its commands on a running engine, its page in a browser. And the
/// images, started by Testcontainers.
///
///     LabIT --lab up, kill, measure, down--> engine        Browser --DevTools protocol--> Chromium
///     ResponderImageIT, AnnouncerImageIT --ImageContainer--> engine
@NullMarked
package org.anycastdns.lab.it;

import org.jspecify.annotations.NullMarked;
