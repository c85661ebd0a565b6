using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Lambent.Server.Alerts;

/// <summary>One e-mail.</summary>
/// <param name="Id">The same for all attempts, so that a second copy can be told.</param>
internal sealed record MailMessage(string Id, string To, string Subject, string Text, DateTimeOffset At);

/// <summary>The mail server did not take a message.</summary>
internal sealed class SmtpException(string message) : Exception(message);

/// <summary>Sends one message by a mail server (RFC 5321), over TLS where there is any.</summary>
internal sealed class SmtpClient(SmtpSettings settings, TimeProvider time)
{
    private const int LineMax = 4_096;
    private const int LinesMax = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Whose certificates are trusted; null: the system's authorities.</summary>
    internal X509ChainPolicy? Trust { get; init; }

    /// <exception cref="SmtpException">It was not taken; what the other side said is in the message.</exception>
    public async Task SendAsync(MailMessage mail, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(settings.Host, settings.Port, either.Token);
            await ConverseAsync(new NetworkStream(socket, ownsSocket: false), mail, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new SmtpException($"There was no answer within {Patience.TotalSeconds:0} s.");
        }
        catch (AuthenticationException untrusted)
        {
            throw new SmtpException(
                $"The mail server has no certificate for {settings.Host} that is trusted here: {untrusted.Message}");
        }
        catch (Exception broken) when (broken is SocketException or IOException)
        {
            throw new SmtpException($"The exchange with the mail server failed: {broken.Message}");
        }
    }

    private async Task ConverseAsync(Stream connection, MailMessage mail, CancellationToken cancellation)
    {
        var stream = settings.IsTls ? await SecureAsync(connection, cancellation) : connection;
        await ExpectAsync(stream, 220, cancellation);
        var offers = await GreetAsync(stream, cancellation);
        if (!settings.IsTls && offers.Contains("STARTTLS"))
        {
            await AskAsync(stream, "STARTTLS", 220, cancellation);
            stream = await SecureAsync(stream, cancellation);
            offers = await GreetAsync(stream, cancellation);
        }

        if (settings.NeedsTls && stream is not SslStream)
        {
            throw new SmtpException("The mail server offers no TLS, and the password is not sent without it.");
        }

        if (settings.User is not null)
        {
            await SignInAsync(stream, offers, cancellation);
        }

        await AskAsync(stream, $"MAIL FROM:<{settings.From}>", 250, cancellation);
        await AskAsync(stream, $"RCPT TO:<{mail.To}>", 250, cancellation);
        await AskAsync(stream, "DATA", 354, cancellation);
        await stream.WriteAsync(Compose(mail, settings.From), cancellation);
        await ExpectAsync(stream, 250, cancellation);
        try
        {
            await WriteAsync(stream, "QUIT", cancellation);
        }
        catch (IOException)
        {
            // It was taken: that is all there was to know.
        }
    }

    /// <summary>
    /// The message with its headers. What comes from users is in encoded words and in base64, so that nothing of it
    /// ends a line; addresses were looked at when they were set.
    /// </summary>
    internal static byte[] Compose(MailMessage mail, string from)
    {
        var text = new StringBuilder();
        var host = from[(from.IndexOf('@', StringComparison.Ordinal) + 1)..];
        var date = mail.At.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
        text.Append("Date: ").Append(date)
            .Append("\r\nFrom: Lambent <").Append(from).Append(">\r\nTo: <").Append(mail.To)
            .Append(">\r\nMessage-ID: <").Append(mail.Id).Append('@').Append(host)
            .Append(">\r\nSubject: ");
        AppendEncoded(text, mail.Subject);
        text.Append("\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n")
            .Append("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
            .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(mail.Text), Base64FormattingOptions.InsertLineBreaks))
            .Append("\r\n.\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Encoded words of RFC 2047, each of at most 75 characters.</summary>
    private static void AppendEncoded(StringBuilder text, string subject)
    {
        const int CharactersPerWord = 10;
        var runes = subject.EnumerateRunes().ToList();
        for (var start = 0; start < runes.Count; start += CharactersPerWord)
        {
            var part = string.Concat(runes.Skip(start).Take(CharactersPerWord));
            text.Append(start == 0 ? "" : "\r\n ")
                .Append("=?utf-8?B?").Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(part))).Append("?=");
        }
    }

    private async Task SignInAsync(Stream stream, HashSet<string> offers, CancellationToken cancellation)
    {
        if (offers.Contains("AUTH PLAIN"))
        {
            var token = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{settings.User}\0{settings.Password}"));
            await AskAsync(stream, $"AUTH PLAIN {token}", 235, cancellation);
        }
        else if (offers.Contains("AUTH LOGIN"))
        {
            await AskAsync(stream, "AUTH LOGIN", 334, cancellation);
            await AskAsync(stream, Convert.ToBase64String(Encoding.UTF8.GetBytes(settings.User!)), 334, cancellation);
            await AskAsync(
                stream, Convert.ToBase64String(Encoding.UTF8.GetBytes(settings.Password ?? "")), 235, cancellation);
        }
        else
        {
            throw new SmtpException("The mail server offers neither AUTH PLAIN nor AUTH LOGIN.");
        }
    }

    private async Task<Stream> SecureAsync(Stream stream, CancellationToken cancellation)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = settings.Host, CertificateChainPolicy = Trust },
            cancellation);
        return secure;
    }

    private static async Task<HashSet<string>> GreetAsync(Stream stream, CancellationToken cancellation)
    {
        await WriteAsync(stream, "EHLO lambent", cancellation);
        var lines = await ExpectAsync(stream, 250, cancellation);
        var offers = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var words in lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            offers.UnionWith(words is ["AUTH", .. var ways] ? ways.Select(way => $"AUTH {way}") : words.Take(1));
        }

        return offers;
    }

    private static async Task AskAsync(Stream stream, string line, int expected, CancellationToken cancellation)
    {
        await WriteAsync(stream, line, cancellation);
        await ExpectAsync(stream, expected, cancellation);
    }

    private static ValueTask WriteAsync(Stream stream, string line, CancellationToken cancellation) =>
        line.AsSpan().ContainsAny('\r', '\n')
            ? throw new SmtpException("A command cannot have several lines.")
            : stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), cancellation);

    /// <returns>The lines of the answer without their numbers.</returns>
    private static async Task<List<string>> ExpectAsync(Stream stream, int expected, CancellationToken cancellation)
    {
        var lines = new List<string>();
        while (lines.Count < LinesMax)
        {
            var line = await ReadLineAsync(stream, cancellation);
            if (line.Length < 3
                || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            {
                break;
            }

            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] != '-')
            {
                // 251 is 250 for who forwards.
                return code == expected || (expected == 250 && code == 251)
                    ? lines
                    : throw new SmtpException($"The mail server answered {code} {lines[^1]}");
            }
        }

        throw new SmtpException("The mail server's answer is no SMTP.");
    }

    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancellation)
    {
        var line = new List<byte>(128);
        var one = new byte[1];
        while (line.Count < LineMax)
        {
            if (await stream.ReadAsync(one, cancellation) == 0)
            {
                throw new SmtpException("The mail server closed the connection.");
            }

            if (one[0] == '\n')
            {
                return Encoding.ASCII.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        throw new SmtpException("The mail server's answer is too long.");
    }
}
