package org.anycastdns.lab;

import java.io.IOException;

/// Placeholder replaced below.
final class LabPage {
    LabPage(Lab lab) {}

    void serve(int port) throws IOException, InterruptedException {}
}
