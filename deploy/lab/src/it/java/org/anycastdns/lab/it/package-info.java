/// The lab as an operator sees it: its commands on a running engine, its page in a browser.
///
///     LabIT --lab up, kill, measure, down--> engine        Browser --DevTools protocol--> Chromium
@NullMarked
package org.anycastdns.lab.it;

import org.jspecify.annotations.NullMarked;
