using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Webhooks;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class WebhookConformance(StoreEngine engine) : StoreConformance(engine)
{
    [Fact]
    public async Task Webhook_reads_back_the_same()
    {
        foreach (var webhook in (Webhook[])[Inbound("in"), Outbound("out")])
        {
            await WriteAsync(transaction => transaction.Webhooks.Put(webhook));
            Store.Read(transaction => transaction.Webhooks.Get(webhook.Id)).ShouldMatch(webhook);
        }
    }

    [Fact]
    public async Task Token_finds_its_webhook_and_no_other()
    {
        await WriteAsync(transaction =>
        {
            transaction.Webhooks.Put(Inbound("one"));
            transaction.Webhooks.Put(Outbound("two"));
        });

        Find("token-one").ShouldBe("one");
        Find("token-two").ShouldBeNull();
        Find("").ShouldBeNull();

        await WriteAsync(transaction => transaction.Webhooks.Delete(Inbound("one").Id));
        Find("token-one").ShouldBeNull();

        string? Find(string token) => Store.Read(transaction => transaction.Webhooks.FindByToken(token))?.Id.Name;
    }

    [Fact]
    public async Task List_keeps_accounts_apart_and_pages_by_name()
    {
        await WriteAsync(transaction =>
        {
            foreach (var name in new[] { "b", "a", "c" })
            {
                transaction.Webhooks.Put(Outbound(name));
            }

            transaction.Webhooks.Put(Outbound("a") with { Id = new WebhookId(Samples.OtherAccount, "a") });
        });

        List(null, 10).ShouldBe(["a", "b", "c"]);
        List("a", 1).ShouldBe(["b"]);
        Store.Read(transaction => transaction.Webhooks.All()).Count.ShouldBe(4);

        IEnumerable<string> List(string? after, int limit) => Store
            .Read(transaction => transaction.Webhooks.List(Samples.Account, after, limit))
            .Select(webhook => webhook.Id.Name);
    }

    [Fact]
    public async Task Delivery_is_remembered_until_its_end()
    {
        await WriteAsync(transaction => transaction.Webhooks.PutDelivery("t", "d", "event", Samples.Time.AddDays(1)));

        Find("t", "d", Samples.Time).ShouldBe("event");
        Find("t", "other", Samples.Time).ShouldBeNull();
        Find("other", "d", Samples.Time).ShouldBeNull();
        Find("t", "d", Samples.Time.AddDays(1)).ShouldBeNull();

        await WriteAsync(transaction =>
        {
            transaction.Webhooks.ForgetDeliveries(Samples.Time, 10).ShouldBe(0);
            transaction.Webhooks.ForgetDeliveries(Samples.Time.AddDays(1), 10).ShouldBe(1);
        });

        string? Find(string token, string id, DateTimeOffset now) =>
            Store.Read(transaction => transaction.Webhooks.FindDelivery(token, id, now));
    }

    private static Webhook Inbound(string name) => new()
    {
        Id = new WebhookId(Samples.Account, name),
        CreatedAt = Samples.Time,
        LastModifiedAt = Samples.Time.AddHours(1),
        Secrets =
        [
            new WebhookSecret("second secret", Samples.Time),
            new WebhookSecret("first secret", Samples.Time, Samples.Time.AddDays(1)),
        ],
        Inbound = new WebhookSource
        {
            Token = $"token-{name}",
            Scheme = SignatureScheme.Hmac,
            Format = new SignatureFormat
            {
                Header = "X-Sig",
                Algorithm = "sha512",
                Encoding = "base64",
                Prefix = "p=",
                TimestampHeader = "X-Time",
            },
            ToleranceSeconds = 60,
            Target = DeliveryTarget.OfFunction(new FunctionId(Samples.Account, "hello"), "live"),
            Payload = WebhookPayload.Body,
            DeliveryHeader = "X-Id",
            RateMax = 7,
        },
    };

    private static Webhook Outbound(string name) => new()
    {
        Id = new WebhookId(Samples.Account, name),
        CreatedAt = Samples.Time,
        LastModifiedAt = Samples.Time,
        Secrets = [new WebhookSecret("only secret", Samples.Time)],
        Outbound = new WebhookCallback
        {
            Url = "https://example.com/",
            Types = ["event.*", "queue.created"],
            Subject = "hello",
            DisabledReason = "410",
        },
    };
}
