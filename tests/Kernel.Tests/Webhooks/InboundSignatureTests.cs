using System.Text;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Webhooks;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Webhooks;

/// <summary>
/// The examples in the senders' own documentation, and what happens when a little of them is changed.
/// </summary>
public sealed class InboundSignatureTests
{
    private const string SlackBody =
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        + "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
        + "%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

    private const string StandardSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly SignatureFormat TimedFormat = new() { Header = "X-Sig", TimestampHeader = "X-Time" };

    /// <summary>Scheme, secret, body, seconds since 1970, headers, and the header with the signature.</summary>
    public static TheoryData<string, string, string, long, string[]> Genuine => new()
    {
        {
            "github", "It's a Secret to Everybody", "Hello, World!", 0,
            ["X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"]
        },
        {
            "slack", "8f742231b10e8888abcd99yyyzzz85a5", SlackBody, 1531420618,
            [
                "X-Slack-Signature: v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
                "X-Slack-Request-Timestamp: 1531420618",
            ]
        },
        {
            "standard", StandardSecret, """{"test": 2432232314}""", 1614265330,
            [
                "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek",
                "webhook-timestamp: 1614265330",
            ]
        },
        {
            "standard", StandardSecret, """{"test": 2432232314}""", 1614265330,
            [
                "webhook-signature: v1a,abc= v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek",
                "webhook-timestamp: 1614265330",
            ]
        },
        {
            "stripe", "whsec_test_secret", """{"id":"evt_1"}""", 1492774577,
            [
                "Stripe-Signature: t=1492774577,v1=00,"
                + "v1=799c4ba7bb339f3c8601adfd112f0e477c930a268be1243d341abb8286501c2f,v0=6ffbb59b",
            ]
        },
        {
            "hmac-sha1", "key-of-eight", "hello", 0, ["X-Sig: 27ec1f4964e2877d53410216c29f285a0d16cf9b"]
        },
        {
            "hmac-sha512", "key-of-eight", "hello", 0,
            [
                "X-Sig: b64:FLfhKNVQIB65jjyY/r/RS571V5217MEDdPighqDmL2HRSDCPFeM7NlO0S7+u/gCYmkJO/NiClNU661RAaUjf1w==",
            ]
        },
        {
            "hmac-timed", "key-of-eight", "hello", 1700000000,
            [
                "X-Sig: 3ffd60c0ecc05674ad7f0232fe948e67f42e790f187c0d47f3faa321afe42035",
                "X-Time: 1700000000",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Genuine))]
    public void Published_example_is_genuine(string scheme, string secret, string body, long at, string[] headers) =>
        Verify(scheme, [secret], body, at, headers).Error.ShouldBeNull();

    [Theory]
    [MemberData(nameof(Genuine))]
    public void Changed_body_or_other_secret_is_a_mismatch(
        string scheme, string secret, string body, long at, string[] headers)
    {
        Verify(scheme, [secret], body + " ", at, headers).Error!.Code.ShouldBe(ErrorCode.SignatureMismatch);
        Verify(scheme, [secret], "", at, headers).Error!.Code.ShouldBe(ErrorCode.SignatureMismatch);
        Verify(scheme, [Other(scheme)], body, at, headers).Error!.Code.ShouldBe(ErrorCode.SignatureMismatch);
    }

    [Theory]
    [MemberData(nameof(Genuine))]
    public void Each_of_two_secrets_counts(string scheme, string secret, string body, long at, string[] headers)
    {
        Verify(scheme, [Other(scheme), secret], body, at, headers).Error.ShouldBeNull();
        Verify(scheme, [secret, Other(scheme)], body, at, headers).Error.ShouldBeNull();
        Verify(scheme, [], body, at, headers).Error!.Code.ShouldBe(ErrorCode.SignatureMismatch);
    }

    [Theory]
    [MemberData(nameof(Genuine))]
    public void Missing_or_malformed_header_is_incomplete(
        string scheme, string secret, string body, long at, string[] headers)
    {
        for (var left = 0; left < headers.Length; left++)
        {
            Verify(scheme, [secret], body, at, [.. headers.Where((_, index) => index != left)])
                .Error!.Code.ShouldBe(ErrorCode.SignatureIncomplete);
        }

        var name = headers[0].Split(':')[0];
        foreach (var value in (string[])["", "x", "sha256=", "v1,", "t=1", "v0=zz", "=", ",", new string('a', 5_000)])
        {
            Verify(scheme, [secret], body, at, [$"{name}: {value}", .. headers.Skip(1)])
                .IsSuccess.ShouldBeFalse(value);
        }
    }

    [Theory]
    [MemberData(nameof(Genuine))]
    public void Signed_time_must_be_near(string scheme, string secret, string body, long at, string[] headers)
    {
        if (at == 0)
        {
            return;
        }

        Verify(scheme, [secret], body, at + 300, headers).Error.ShouldBeNull();
        Verify(scheme, [secret], body, at - 300, headers).Error.ShouldBeNull();
        Verify(scheme, [secret], body, at + 301, headers).Error!.Code.ShouldBe(ErrorCode.SignatureExpired);
        Verify(scheme, [secret], body, at - 301, headers).Error!.Code.ShouldBe(ErrorCode.SignatureExpired);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1e9")]
    [InlineData("99999999999999999999999")]
    [InlineData("9223372036854775807")]
    public void Signed_time_that_is_none_is_refused(string time)
    {
        var source = Source("slack");
        InboundSignature.Verify(
                source,
                [new WebhookSecret("8f742231b10e8888", default)],
                name => name == "X-Slack-Signature" ? "v0=00" : time,
                "x"u8,
                DateTimeOffset.UnixEpoch)
            .Error!.Code.ShouldBeOneOf(ErrorCode.SignatureIncomplete, ErrorCode.SignatureExpired);
    }

    [Fact]
    public void Callback_is_signed_as_the_specification_has_it()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(1614265330);
        var secret = new WebhookSecret(StandardSecret, at);
        var signature = StandardSignature.Sign(
            [secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", at, """{"test": 2432232314}"""u8);
        signature.ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

        var made = new WebhookSecret(StandardSignature.Secret(new byte[32]), at);
        made.Text.ShouldStartWith("whsec_");
        StandardSignature.Sign([made, secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", at, """{"test": 2432232314}"""u8)
            .ShouldEndWith(" " + signature);
        secret.ToString().ShouldNotContain("MfKQ");
    }

    private static Result<Done> Verify(
        string scheme, string[] secrets, string body, long at, string[] headers)
    {
        var values = headers.Select(header => header.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return InboundSignature.Verify(
            Source(scheme),
            [.. secrets.Select(secret => new WebhookSecret(secret, default))],
            name => values.GetValueOrDefault(name),
            Encoding.UTF8.GetBytes(body),
            DateTimeOffset.FromUnixTimeSeconds(at));
    }

    private static string Other(string scheme) =>
        scheme == "standard" ? StandardSignature.Secret(new byte[32]) : "another secret";

    private static WebhookSource Source(string scheme) => new()
    {
        Token = "token",
        Target = DeliveryTarget.OfFunction(new FunctionId(AccountId.Root, "hello")),
        Scheme = scheme switch
        {
            "github" => SignatureScheme.GitHub,
            "slack" => SignatureScheme.Slack,
            "stripe" => SignatureScheme.Stripe,
            "standard" => SignatureScheme.Standard,
            _ => SignatureScheme.Hmac,
        },
        Format = scheme switch
        {
            "hmac-sha1" => new SignatureFormat { Header = "X-Sig", Algorithm = "sha1" },
            "hmac-sha512" => new SignatureFormat
            {
                Header = "X-Sig", Algorithm = "sha512", Encoding = "base64", Prefix = "b64:",
            },
            "hmac-timed" => TimedFormat,
            _ => null,
        },
    };
}
