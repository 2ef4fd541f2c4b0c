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

/// Connects to a TCP port and makes a TLS handshake. Without TLS, [TcpConnect] does it.
final class TcpCheck implements Check {

    private final InetSocketAddress address;
    private final Certificates certificates;

    TcpCheck(CheckConfig.Tcp config) {
        this(config, System::nanoTime);
    }

    /// @param nanos the clock of the TLS sessions
    TcpCheck(CheckConfig.Tcp config, LongSupplier nanos) {
        this.address = config.address();
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
            return handshake(socket, start);
        } catch (SocketTimeoutException _) {
            return late(address, timeout);
        } catch (ConnectException _) {
            return refused(address);
        } catch (SSLException e) {
            return new CheckResult.Failed(
                    "TLS with " + Addresses.text(address) + ": " + Certificates.words(e));
        } catch (IOException e) {
            return failed(address, Certificates.words(e));
        }
    }

    /// Returns the result of a run that has not connected in time.
    static CheckResult late(InetSocketAddress address, Duration timeout) {
        return new CheckResult.Failed(
                "no connection to %s within %d ms"
                        .formatted(Addresses.text(address), timeout.toMillis()));
    }

    /// Returns the result of a run that was refused.
    static CheckResult refused(InetSocketAddress address) {
        return new CheckResult.Failed("nothing listens at " + Addresses.text(address));
    }

    /// Returns the result of a run that failed for another reason.
    static CheckResult failed(InetSocketAddress address, String why) {
        return new CheckResult.Failed(
                "connection to %s failed: %s".formatted(Addresses.text(address), why));
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
}
