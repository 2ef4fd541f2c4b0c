package org.anycastdns.announcer.check;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.announcer.message.Addresses;

/// Connects to a TCP port and, if wanted, makes a TLS handshake.
final class TcpCheck implements Check {

    private final InetSocketAddress address;
    private final boolean tls;
    private final Certificates certificates;

    TcpCheck(CheckConfig.Tcp config) {
        this(config, System::nanoTime);
    }

    /// @param nanos the clock of the TLS sessions
    TcpCheck(CheckConfig.Tcp config, LongSupplier nanos) {
        this.address = config.address();
        this.tls = config.tls().enabled();
        this.certificates = new Certificates(config.tls().certificate(), nanos);
    }

    @Override
    public CheckResult run(Duration timeout) {
        long start = System.nanoTime();
        int millis = (int) timeout.toMillis();
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(millis);
            socket.connect(address, millis);
            CheckResult good = new CheckResult.Good(System.nanoTime() - start);
            return tls ? handshake(socket, start) : good;
        } catch (SocketTimeoutException _) {
            return new CheckResult.Failed(
                    "no connection to %s within %d ms".formatted(text(), millis));
        } catch (ConnectException _) {
            return new CheckResult.Failed("nothing listens at " + text());
        } catch (SSLException e) {
            return new CheckResult.Failed("TLS with " + text() + ": " + Certificates.words(e));
        } catch (IOException e) {
            return new CheckResult.Failed(
                    "connection to %s failed: %s".formatted(text(), Certificates.words(e)));
        }
    }

    private CheckResult handshake(Socket socket, long start) throws IOException {
        try (SSLSocket secure = certificates.over(socket, address)) {
            secure.startHandshake();
            String warning = certificates.warning(secure.getSession());
            return warning == null
                    ? new CheckResult.Good(System.nanoTime() - start)
                    : new CheckResult.Warned(warning);
        }
    }

    private String text() {
        return Addresses.text(address);
    }
}
