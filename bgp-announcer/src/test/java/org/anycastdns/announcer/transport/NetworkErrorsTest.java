package org.anycastdns.announcer.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Row B6 of the inputs from the field: an error always has a reason in words.
class NetworkErrorsTest {

    @ParameterizedTest
    @CsvSource({
        "recvAddress(..) failed with error(-104), Connection reset by peer",
        "recvAddress(..) failed with error(-104): Connection reset by peer, Connection reset by peer",
        "syscall:read(..) failed: Broken pipe, syscall:read(..) failed: Broken pipe",
        "connect(..) failed with error(-113): No route to host: /198.51.100.1:179, No route to host",
        "Connection refused: /127.0.0.1:179, Connection refused",
        "bind(..) failed with error(-98): Address already in use, Address already in use",
        "writeAddress(..) failed with error(-9999), error 9999 of the system",
        "Network is unreachable, Network is unreachable"
    })
    void b6AMessageIsCutToItsWordsAndANumberGetsWords(String message, String words) {
        assertEquals(words, NetworkErrors.text(new IOException(message)));
    }

    @Test
    void b6AnErrorWithoutAMessageGetsWords() {
        assertEquals("the connection was closed", NetworkErrors.text(new ClosedChannelException()));
        assertEquals("no answer in time", NetworkErrors.text(new ConnectTimeoutException()));
        assertEquals(
                "for no stated reason (ConnectException)",
                NetworkErrors.text(new ConnectException()));
        assertEquals("for an unknown reason", NetworkErrors.text(null));
        // What Netty says when the link is down.
        String netty = "null: /198.51.100.1:179";
        assertEquals("No route to host", NetworkErrors.text(new NoRouteToHostException(netty)));
        assertEquals(
                "for no stated reason (IOException)", NetworkErrors.text(new IOException(netty)));
        IOException wrapped = new IOException(null, new ConnectException("No route to host"));
        assertEquals("No route to host", NetworkErrors.text(wrapped));
    }
}
