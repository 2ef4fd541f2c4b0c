package org.anycastdns.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which requests may come from a web page of another origin.
class SameOriginTest {

    private static final SameOrigin RULE = new SameOrigin(List.of("ams1.example.net", "AMS1."));

    /// Columns: refused or answered, Host, Origin, Sec-Fetch-Site, Upgrade; empty: no such header;
    /// "|" stands between two headers of the name.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    # programs: curl, Prometheus, kubelet, our own commands, the shell of a container
                    answered ; 127.0.0.1:9153        ; ; ;
                    answered ; localhost:9153        ; ; ;
                    answered ; localhost             ; ; ;
                    answered ; LocalHost.:9153       ; ; ;
                    answered ; [::1]:9153            ; ; ;
                    answered ; [fe80::1%25eth0]:9153 ; ; ;
                    answered ; 192.0.2.1             ; ; ;
                    answered ; ams1.example.net:9153 ; ; ;
                    answered ; Ams1:9153             ; ; ;
                    answered ;                       ; ; ;
                    answered ; 127.0.0.1:9153        ; ; ; h2c
                    # a browser, with an address typed by the user, and with a page of this server
                    answered ; 127.0.0.1:9153        ; ; none ;
                    answered ; 127.0.0.1:9153        ; http://127.0.0.1:9153 ; same-origin ;
                    answered ; [::1]:9153            ; http://[::1]:9153 ; same-origin ;
                    answered ; localhost:9153        ; HTTP://LOCALHOST:9153 ; same-origin ;
                    # pages of other origins
                    refused  ; 127.0.0.1:9153        ; https://evil.example ; cross-site ;
                    refused  ; 127.0.0.1:9153        ; https://evil.example ; ;
                    refused  ; 127.0.0.1:9153        ; http://127.0.0.1:8000 ; same-site ;
                    refused  ; 127.0.0.1:9153        ; http://127.0.0.1:8000 ; ;
                    refused  ; 127.0.0.1:9153        ; http://127.0.0.1 ; ;
                    refused  ; 127.0.0.1:9153        ; https://127.0.0.1:9153 ; ;
                    refused  ; 127.0.0.1:9153        ; http://localhost:9153 ; ;
                    refused  ; 127.0.0.1:9153        ; http://127.0.0.1:9153.evil.example ; ;
                    refused  ; 127.0.0.1:9153        ; null ; ;
                    refused  ; 127.0.0.1:9153        ; file:// ; ;
                    refused  ; 127.0.0.1:9153        ; http://127.0.0.1:9153|https://evil.example ; ;
                    refused  ;                       ; https://evil.example ; ;
                    refused  ;                       ; http:// ; ;
                    refused  ; 127.0.0.1:9153        ; ; cross-site ;
                    refused  ; 127.0.0.1:9153        ; ; same-site ;
                    refused  ; 127.0.0.1:9153        ; ; none|cross-site ;
                    refused  ; 127.0.0.1:9153        ; ; invented-later ;
                    # DNS rebinding: a name of the attacker's that has our address
                    refused  ; evil.example:9153     ; ; ;
                    refused  ; evil.example:9153     ; http://evil.example:9153 ; same-origin ;
                    refused  ; 127.0.0.1.evil.example:9153 ; ; ;
                    refused  ; localhost.evil.example ; ; ;
                    refused  ; notlocalhost:9153     ; ; ;
                    refused  ; ams1.example.net.evil.example ; ; ;
                    refused  ; 127.0.0.1:9153:9153   ; ; ;
                    refused  ; 127.0.0.1@evil.example ; ; ;
                    refused  ; 127.0.0.1:9153|evil.example ; ; ;
                    refused  ; evil.example|127.0.0.1:9153 ; ; ;
                    refused  ; [::1].evil.example    ; ; ;
                    # WebSocket knows no origin but by this header
                    refused  ; 127.0.0.1:9153        ; ; ; websocket
                    refused  ; 127.0.0.1:9153        ; http://127.0.0.1:9153 ; same-origin ; WebSocket
                    refused  ; 127.0.0.1:9153        ; ; ; h2c, websocket
                    """)
    void onlyTheServersOwnOriginAndProgramsAreAnswered(
            String verdict, String host, String origin, String fetchSite, String upgrade) {
        String refusal =
                RULE.refusal(values(host), values(origin), values(fetchSite), values(upgrade));
        assertEquals(verdict, refusal == null ? "answered" : "refused", () -> "" + refusal);
    }

    private static List<String> values(String header) {
        return header == null ? List.of() : Arrays.asList(header.split("\\|"));
    }
}
