package org.anycastdns.announcer.transport;

import io.netty.channel.ConnectTimeoutException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Puts the reasons of network errors into words. Exceptions may have no message, or only the
/// number of the system's error.
public final class NetworkErrors {

    /// How many causes of an exception are looked at. Netty wraps an error once or twice.
    private static final int CAUSES_MAX = 8;

    /// The start of a message of Netty, e.g. "recvAddress(..) failed with error(-104): ".
    private static final Pattern CALL =
            Pattern.compile(
                    "^\\w+\\((?:\\.\\.)?\\) failed(?: with error\\((-?\\d{1,9})\\))?(?:: )?");

    /// The end of a message, an address that the reader knows, e.g. ": /198.51.100.1:179".
    private static final Pattern ADDRESS = Pattern.compile(": [^ ]*/[^ ]+:\\d+$");

    /// What Netty makes of a cause without a message, in front of the address.
    private static final String NO_MESSAGE = "null";

    /// The errors that connections meet, by number on Linux (errno(3)), in the system's words.
    private static final Map<Integer, String> WORDS =
            Map.ofEntries(
                    Map.entry(1, "Operation not permitted"),
                    Map.entry(13, "Permission denied"),
                    Map.entry(19, "No such device"),
                    Map.entry(32, "Broken pipe"),
                    Map.entry(98, "Address already in use"),
                    Map.entry(99, "Cannot assign requested address"),
                    Map.entry(100, "Network is down"),
                    Map.entry(101, "Network is unreachable"),
                    Map.entry(103, "Software caused connection abort"),
                    Map.entry(104, "Connection reset by peer"),
                    Map.entry(110, "Connection timed out"),
                    Map.entry(111, "Connection refused"),
                    Map.entry(112, "Host is down"),
                    Map.entry(113, "No route to host"));

    private NetworkErrors() {}

    /// Returns the reason in words, never empty: the message without the system call and the error
    /// number at its start and without the address at its end, or words of our own.
    public static String text(@Nullable Throwable error) {
        Throwable cause = error;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
            String message = cause.getMessage();
            String words = message == null ? "" : words(message);
            if (!words.isEmpty()) {
                return words;
            }
            cause = cause.getCause();
        }
        return switch (error) {
            case null -> "for an unknown reason";
            case NoRouteToHostException _ -> "No route to host";
            case ClosedChannelException _ -> "the connection was closed";
            case ConnectTimeoutException _, SocketTimeoutException _ -> "no answer in time";
            default -> "for no stated reason (" + error.getClass().getSimpleName() + ")";
        };
    }

    private static String words(String message) {
        Matcher call = CALL.matcher(message);
        if (!call.find()) {
            String all = ADDRESS.matcher(message).replaceFirst("").strip();
            return all.equals(NO_MESSAGE) ? "" : all;
        }
        String rest = ADDRESS.matcher(message.substring(call.end())).replaceFirst("").strip();
        if (!rest.isEmpty() || call.group(1) == null) {
            return rest;
        }
        int number = Math.abs(Integer.parseInt(call.group(1)));
        return WORDS.getOrDefault(number, "error " + number + " of the system");
    }
}
