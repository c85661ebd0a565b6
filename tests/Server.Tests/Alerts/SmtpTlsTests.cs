using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Lambent.Server.Alerts;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Alerts;

/// <summary>Mail over TLS, from the first byte and after STARTTLS, and to servers that are not who they say.</summary>
public sealed class SmtpTlsTests : IDisposable
{
    private readonly X509Certificate2 localhost = Certificate("localhost");

    public void Dispose() => localhost.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Mail_and_password_go_over_tls_alone(bool isTls)
    {
        await using var stub = new TlsStub(localhost, isTls, offersTls: true);
        await SendAsync(stub, Trusting(localhost), isTls);

        stub.Plain.ShouldBe(isTls ? [] : ["EHLO lambent", "STARTTLS"]);
        stub.Secure.ShouldContain("AUTH PLAIN " + Convert.ToBase64String("\0me\0secret"u8));
        stub.Secure.ShouldContain("RCPT TO:<you@example.org>");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Certificate_of_nobody_is_refused_before_anything_is_said(bool isTls)
    {
        await using var stub = new TlsStub(localhost, isTls, offersTls: true);
        var refused = await Should.ThrowAsync<SmtpException>(() => SendAsync(stub, trust: null, isTls));
        refused.Message.ShouldStartWith("The mail server has no certificate for localhost that is trusted here: ");
        stub.Secure.ShouldBeEmpty();
    }

    [Fact]
    public async Task Certificate_of_another_name_is_refused()
    {
        using var other = Certificate("mail.example.org");
        await using var stub = new TlsStub(other, isTls: true, offersTls: true);
        var refused = await Should.ThrowAsync<SmtpException>(() => SendAsync(stub, Trusting(other), isTls: true));
        refused.Message.ShouldContain("localhost");
        stub.Secure.ShouldBeEmpty();
    }

    [Fact]
    public async Task Server_that_offers_no_tls_does_not_get_the_password()
    {
        await using var stub = new TlsStub(localhost, isTls: false, offersTls: false);
        var refused = await Should.ThrowAsync<SmtpException>(
            () => SendAsync(stub, Trusting(localhost), isTls: false));
        refused.Message.ShouldContain("offers no TLS");
        stub.Plain.ShouldBe(["EHLO lambent"]);
    }

    private static Task SendAsync(TlsStub stub, X509ChainPolicy? trust, bool isTls) => new SmtpClient(
        new SmtpSettings("localhost", stub.Port, isTls, NeedsTls: true, "me", "secret", "lambent@example.org"),
        TimeProvider.System) { Trust = trust }.SendAsync(
            new MailMessage("m-1", "you@example.org", "subject", "text", DateTimeOffset.UnixEpoch),
            TestContext.Current.CancellationToken);

    private static X509ChainPolicy Trusting(X509Certificate2 root)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(root);
        return policy;
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A mail server for one conversation, which remembers what it was told with and without TLS.</summary>
    private sealed class TlsStub : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly X509Certificate2 certificate;
        private readonly bool offersTls;
        private readonly Task serving;

        public TlsStub(X509Certificate2 certificate, bool isTls, bool offersTls)
        {
            (this.certificate, this.offersTls) = (certificate, offersTls);
            listener.Start();
            serving = ServeAsync(isTls);
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public List<string> Plain { get; } = [];

        public List<string> Secure { get; } = [];

        public async ValueTask DisposeAsync()
        {
            listener.Dispose();
            await serving;
        }

        private async Task ServeAsync(bool isTls)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync();
                Stream stream = client.GetStream();
                if (isTls)
                {
                    stream = await SecureAsync(stream);
                }

                await SayAsync(stream, "220 stub");
                var said = isTls ? Secure : Plain;
                while (await ReadAsync(stream) is { } line)
                {
                    said.Add(line);
                    if (line == "STARTTLS")
                    {
                        await SayAsync(stream, "220 go on");
                        (stream, said) = (await SecureAsync(stream), Secure);
                        continue;
                    }

                    await SayAsync(stream, Answer(line, said == Secure));
                    while (line == "DATA" && await ReadAsync(stream) is { } text && text != ".")
                    {
                    }

                    if (line == "DATA")
                    {
                        await SayAsync(stream, "250 taken");
                    }
                }
            }
            catch (Exception ended) when (ended is IOException or SocketException or AuthenticationException
                or ObjectDisposedException or OperationCanceledException)
            {
                // The client hung up.
            }
        }

        private string Answer(string line, bool isSecure) => line.Split(' ')[0] switch
        {
            "EHLO" => !isSecure && offersTls ? "250-stub\r\n250 STARTTLS" : "250-stub\r\n250 AUTH PLAIN LOGIN",
            "AUTH" => "235 welcome",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };

        private async Task<Stream> SecureAsync(Stream stream)
        {
            var secure = new SslStream(stream);
            await secure.AuthenticateAsServerAsync(certificate);
            return secure;
        }

        private static async Task SayAsync(Stream stream, string line) =>
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));

        private static async Task<string?> ReadAsync(Stream stream)
        {
            var (line, one) = (new StringBuilder(), new byte[1]);
            while (await stream.ReadAsync(one) == 1)
            {
                if (one[0] == '\n')
                {
                    return line.ToString().TrimEnd('\r');
                }

                line.Append((char)one[0]);
            }

            return null;
        }
    }
}
