using System.Text;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Webhooks;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Webhooks;

public sealed class WebhookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly Webhook Inbound = new()
    {
        Id = new WebhookId(AccountId.Root, "orders"),
        CreatedAt = Noon,
        LastModifiedAt = Noon,
        Secrets = [new WebhookSecret("first-secret", Noon)],
        Inbound = new WebhookSource
        {
            Token = "token",
            Scheme = SignatureScheme.GitHub,
            Target = DeliveryTarget.OfFunction(new FunctionId(AccountId.Root, "hello")),
        },
    };

    private static readonly Webhook Outbound = Inbound with
    {
        Inbound = null,
        Secrets = [new WebhookSecret(StandardSignature.Secret(new byte[32]), Noon)],
        Outbound = new WebhookCallback { Url = "https://example.com/hook" },
    };

    [Fact]
    public void Rotation_lets_two_secrets_count_and_then_one()
    {
        var rotated = RotateSecret.Apply(
            Inbound, new RotateSecret("second-secret", TimeSpan.FromHours(1)), Noon).Value;
        rotated.SecretsAt(Noon).Select(secret => secret.Text).ShouldBe(["second-secret", "first-secret"]);
        rotated.SecretsAt(Noon.AddHours(1)).Select(secret => secret.Text).ShouldBe(["second-secret"]);

        var again = RotateSecret.Apply(
            rotated, new RotateSecret("third-secret", TimeSpan.FromHours(1)), Noon).Value;
        again.SecretsAt(Noon).Select(secret => secret.Text).ShouldBe(["third-secret", "second-secret"]);
        RotateSecret.Apply(rotated, new RotateSecret("third-secret", TimeSpan.Zero), Noon).Value
            .SecretsAt(Noon).Select(secret => secret.Text).ShouldBe(["third-secret"]);
    }

    [Theory]
    [InlineData("short", 0)]
    [InlineData("with\nnewline", 0)]
    [InlineData("long enough", -1)]
    [InlineData("long enough", 2_592_001)]
    public void Rotation_to_what_is_no_secret_or_no_time_is_refused(string secret, int seconds) =>
        RotateSecret.Apply(Inbound, new RotateSecret(secret, TimeSpan.FromSeconds(seconds)), Noon)
            .Error!.Code.ShouldBe(ErrorCode.InvalidParameter);

    [Theory]
    [InlineData("https://example.com/hook", true)]
    [InlineData("http://example.com:8080/a?b=c", true)]
    [InlineData("https://[2001:4860:4860::8888]/", true)]
    [InlineData("https://xn--bcher-kva.example/", true)]
    [InlineData("", false)]
    [InlineData("example.com", false)]
    [InlineData("/relative", false)]
    [InlineData("ftp://example.com/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("gopher://example.com/", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("https://user:password@example.com/", false)]
    [InlineData("https://example.com@127.0.0.1/", false)]
    [InlineData("https://example.com/#fragment", false)]
    [InlineData("https://exa mple.com/", false)]
    [InlineData("https://example.com\\@127.0.0.1/", false)]
    [InlineData("https://example.com/\r\nX-Injected: 1", false)]
    [InlineData("https:///nohost", false)]
    [InlineData("https://", false)]
    public void Url_is_absolute_http_without_credentials(string url, bool allowed) =>
        WebhookRules.ParseUrl(url).IsSuccess.ShouldBe(allowed);

    [Fact]
    public void Url_that_is_too_long_is_refused() =>
        WebhookRules.ParseUrl("https://example.com/" + new string('a', 2_048)).IsSuccess.ShouldBeFalse();

    [Fact]
    public void What_is_sound_passes()
    {
        WebhookRules.Check(Inbound).ShouldBeNull();
        WebhookRules.Check(Outbound).ShouldBeNull();
    }

    public static TheoryData<string, Webhook> Wrong => new()
    {
        { "name", Inbound with { Id = new WebhookId(AccountId.Root, "a b") } },
        { "name", Inbound with { Id = new WebhookId(AccountId.Root, "") } },
        { "name", Inbound with { Id = new WebhookId(AccountId.Root, new string('a', 65)) } },
        { "target", Inbound with { Inbound = null } },
        { "secret", Inbound with { Secrets = [] } },
        { "secret", Inbound with { Secrets = [new WebhookSecret("short", Noon)] } },
        { "secret", Inbound with { Inbound = Inbound.Inbound! with { Scheme = SignatureScheme.Standard } } },
        { "secret", Inbound with { Inbound = Inbound.Inbound! with { Scheme = SignatureScheme.None } } },
        { "toleranceSeconds", Inbound with { Inbound = Inbound.Inbound! with { ToleranceSeconds = 0 } } },
        { "toleranceSeconds", Inbound with { Inbound = Inbound.Inbound! with { ToleranceSeconds = 3_601 } } },
        { "rate", Inbound with { Inbound = Inbound.Inbound! with { RateMax = 0 } } },
        { "deliveryHeader", Inbound with { Inbound = Inbound.Inbound! with { DeliveryHeader = "a b" } } },
        { "header", Inbound with { Inbound = Inbound.Inbound! with { Scheme = SignatureScheme.Hmac } } },
        { "header", Formatted(new SignatureFormat { Header = "a:b" }) },
        { "algorithm", Formatted(new SignatureFormat { Header = "a", Algorithm = "md5" }) },
        { "encoding", Formatted(new SignatureFormat { Header = "a", Encoding = "rot13" }) },
        { "prefix", Formatted(new SignatureFormat { Header = "a", Prefix = "a b" }) },
        { "timestampHeader", Formatted(new SignatureFormat { Header = "a", TimestampHeader = "" }) },
        { "url", Outbound with { Outbound = Outbound.Outbound! with { Url = "ftp://example.com" } } },
        { "types", Outbound with { Outbound = Outbound.Outbound! with { Types = [] } } },
        { "types", Outbound with { Outbound = Outbound.Outbound! with { Types = ["event.exploded"] } } },
        { "types", Outbound with { Outbound = Outbound.Outbound! with { Types = ["eve.*"] } } },
        { "secret", Outbound with { Secrets = [new WebhookSecret("not base64 at all", Noon)] } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_not_is_refused_by_field(string field, Webhook webhook)
    {
        var error = WebhookRules.Check(webhook);
        error!.Code.ShouldBe(ErrorCode.InvalidParameter);
        error.Field.ShouldBe(field);
    }

    [Theory]
    [InlineData("*", null, true)]
    [InlineData("event.*", null, true)]
    [InlineData("event.failed", null, true)]
    [InlineData("event.done", null, false)]
    [InlineData("function.*", null, false)]
    [InlineData("*", "hello", true)]
    [InlineData("*", "other", false)]
    public void Callback_wants_its_types_and_its_subject(string type, string? subject, bool wants)
    {
        var change = new StateChange { Type = StateChange.EventFailed, Subject = "hello", At = Noon };
        var callback = Outbound.Outbound! with { Types = [type], Subject = subject };
        callback.Wants(change).ShouldBe(wants);
        (callback with { DisabledReason = "410" }).Wants(change).ShouldBeFalse();
    }

    [Fact]
    public void Change_is_told_as_type_time_and_data() =>
        Encoding.UTF8.GetString(new StateChange
        {
            Type = StateChange.EventFailed,
            Subject = "hello",
            At = Noon,
            Data = [new("eventId", "1"), new("error", null)],
        }.ToJson()).ShouldBe("""{"type":"event.failed","timestamp":"2026-11-21T12:00:00Z","data":{"eventId":"1"}}""");

    [Theory]
    [InlineData(SignatureScheme.GitHub, "X-GitHub-Event: ping", "{}", "pong")]
    [InlineData(SignatureScheme.GitHub, "X-GitHub-Event: push", "{}", null)]
    [InlineData(SignatureScheme.Slack, "", """{"type":"url_verification","challenge":"3eZ"}""", "3eZ")]
    [InlineData(SignatureScheme.Slack, "", """{"type":"event_callback"}""", null)]
    [InlineData(SignatureScheme.Slack, "", "command=%2Fx", null)]
    [InlineData(SignatureScheme.Stripe, "", """{"type":"url_verification","challenge":"3eZ"}""", null)]
    [InlineData(SignatureScheme.Slack, "", """{"type":"\ud800"}""", null)]
    public void Trial_of_an_address_is_answered(SignatureScheme scheme, string header, string body, string? answer) =>
        InboundProtocol.Trial(scheme, Header(header), Encoding.UTF8.GetBytes(body)).ShouldBe(answer);

    [Theory]
    [InlineData(SignatureScheme.GitHub, "X-GitHub-Delivery: 72d3162e", "{}", "72d3162e")]
    [InlineData(SignatureScheme.GitHub, "", "{}", null)]
    [InlineData(SignatureScheme.Standard, "webhook-id: msg_1", "{}", "msg_1")]
    [InlineData(SignatureScheme.Stripe, "Stripe-Signature: t=1,v1=2", """{"id":"evt_1"}""", "evt_1")]
    [InlineData(SignatureScheme.Stripe, "Stripe-Signature: t=1,v1=2", "[]", "t=1,v1=2")]
    [InlineData(SignatureScheme.Slack, "X-Slack-Signature: v0=1", """{"event_id":"Ev1"}""", "Ev1")]
    [InlineData(SignatureScheme.Slack, "X-Slack-Signature: v0=1", "command=x", "v0=1")]
    [InlineData(SignatureScheme.None, "X-GitHub-Delivery: 72d3162e", "{}", null)]
    public void Delivery_is_known_by_the_senders_id(SignatureScheme scheme, string header, string body, string? id) =>
        InboundProtocol.DeliveryId(
            Inbound.Inbound! with { Scheme = scheme }, Header(header), Encoding.UTF8.GetBytes(body)).ShouldBe(id);

    [Fact]
    public void Delivery_id_may_be_in_a_header_of_ones_own_and_is_kept_short()
    {
        var source = Inbound.Inbound! with { DeliveryHeader = "X-Id" };
        InboundProtocol.DeliveryId(source, Header("X-Id: 7"), default).ShouldBe("7");
        InboundProtocol.DeliveryId(source, Header($"X-Id: {new string('7', 1_000)}"), default)!.Length.ShouldBe(71);
    }

    private static Webhook Formatted(SignatureFormat format) => Inbound with
    {
        Inbound = Inbound.Inbound! with { Scheme = SignatureScheme.Hmac, Format = format },
    };

    private static Func<string, string?> Header(string header) => name =>
        header.Split(": ", 2) is [var known, var value] && known == name ? value : null;
}
