using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Lambent.Kernel.Access;
using Lambent.Kernel.Alerts;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Metrics;
using Lambent.Kernel.Storage;
using Lambent.Server.Alerts;
using Lambent.Server.Delivery;
using Lambent.Server.Metrics;
using Lambent.Server.Queues;
using Lambent.Server.Tests.Memory;
using Lambent.Server.Webhooks;
using Lambent.Storage.Sqlite;
using Lambent.Storage.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Alerts;

/// <summary>From figures to what is told, on a clock that the test moves.</summary>
public sealed class AlertRunnerTests : IDisposable
{
    private const string Address = "ops@example.org";
    private static readonly AlertId Id = new(AccountId.Root, "errors");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lambent-alerts-");
    private readonly VirtualTime time = new();
    private readonly SqliteStore store;
    private TelemetryStore telemetry;
    private readonly AlertRunner runner;
    private readonly AlertService alerts;

    public AlertRunnerTests()
    {
        store = SqliteStore.Open(new SqliteStoreOptions { Path = Path.Combine(folder.FullName, "lambent.db") }, time);
        telemetry = TelemetryStore.Open(
            new TelemetryOptions { Path = Path.Combine(folder.FullName, "telemetry.db") }, time);
        var keeper = new MetricKeeper(telemetry.Metrics, time, NullLogger<MetricKeeper>.Instance);
        var rates = new RateBook(store);
        var reader = new MetricReader(telemetry.Metrics, keeper, rates, time);
        var writer = new TargetWriter(new QueueSignals());
        var number = 0;
        string NewId() => $"id-{++number:D6}";
        var notifier = new AlertNotifier(
            new StateChanges(new WebhookDirectory(store), writer, "us-east-1", NewId, time), writer, NewId);
        runner = new AlertRunner(store, reader, notifier, NewId);
        alerts = new AlertService(store, runner, notifier, sendsMail: true, NewId, time);
    }

    [Fact]
    public async Task Change_of_state_is_told_once_however_often_and_by_how_many_it_is_looked_at()
    {
        await SetAsync(Rule());
        await CountAsync(calls: 100, errors: 50);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(LookAsync)));
        await LookAsync();

        Mails().ShouldBe(1);
        State().ShouldBe(AlertState.Alert);

        time.Advance(TimeSpan.FromMinutes(10));
        await CountAsync(calls: 100, errors: 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(LookAsync)));

        Mails().ShouldBe(2);
        State().ShouldBe(AlertState.Ok);
        alerts.History(Id, null, 10).Value.Select(change => (change.From, change.To)).ShouldBe(
            [(AlertState.Alert, AlertState.Ok), (AlertState.NoData, AlertState.Alert)]);
    }

    [Fact]
    public async Task Silence_is_a_state_of_its_own_and_told_to_nobody()
    {
        await SetAsync(Rule());
        await CountAsync(calls: 100, errors: 0);
        await LookAsync();
        State().ShouldBe(AlertState.Ok);

        time.Advance(TimeSpan.FromMinutes(10));
        await LookAsync();

        State().ShouldBe(AlertState.NoData);
        Mails().ShouldBe(0);
    }

    [Fact]
    public async Task Budget_of_a_month_is_told_when_it_is_spent()
    {
        var rates = new RateBook(store);
        (await rates.SetAsync(new Rates(time.GetUtcNow().AddDays(-40), 1, 0, "EUR"), default)).IsSuccess.ShouldBeTrue();
        var keeper = new MetricKeeper(telemetry.Metrics, time, NullLogger<MetricKeeper>.Instance);
        var own = new AlertRunner(
            store, new MetricReader(telemetry.Metrics, keeper, rates, time), Notifier(), () => "change-1");
        await SetAsync(Rule() with
        {
            Metric = AlertRule.CostMetric, Calendar = AlertCalendar.Month, Threshold = 10, Target = null,
        });
        await BillAsync(time.GetUtcNow().AddDays(-30), 100);
        await BillAsync(time.GetUtcNow().AddDays(-3), 6);
        await own.LookAsync(time.GetUtcNow(), default);
        State().ShouldBe(AlertState.Ok);

        await BillAsync(time.GetUtcNow(), 5);
        await own.LookAsync(time.GetUtcNow(), default);

        State().ShouldBe(AlertState.Alert);
        own.Sample(alerts.Find(Id).Value.Rule, time.GetUtcNow()).Value.ShouldBe(11);
    }

    [Fact]
    public async Task Notice_is_told_once_under_its_id_and_only_to_rules_about_it()
    {
        await SetAsync(Rule() with { Metric = AlertRule.ErrorGroupsMetric, Target = "f", SamplesMin = 1 });
        var notice = new AlertNotice(
            "n-1", AccountId.Root, AlertRule.ErrorGroupsMetric, "f", time.GetUtcNow(), "A new error in f", []);

        await runner.RaiseAsync(notice);
        await runner.RaiseAsync(notice);
        await runner.RaiseAsync(notice with { Id = "n-2", Target = "g" });
        await runner.RaiseAsync(notice with { Id = "n-3", Account = AccountId.Parse("111122223333") });

        Mails().ShouldBe(1);
        alerts.History(Id, null, 10).Value.ShouldHaveSingleItem().Text.ShouldBe("A new error in f");
    }

    [Fact]
    public async Task New_error_in_a_log_is_told_once_however_often_it_is_seen()
    {
        await SetAsync(Rule() with { Metric = AlertRule.ErrorGroupsMetric, Target = "f", SamplesMin = 1 });
        var errors = new ErrorAlerts(telemetry.Errors, runner, time, NullLogger<ErrorAlerts>.Instance);
        for (var seen = 0; seen < 3; seen++)
        {
            await LogErrorAsync(seen);
        }

        await errors.DisposeAsync();

        Mails().ShouldBe(1);
        alerts.History(Id, null, 10).Value.ShouldHaveSingleItem().Text.ShouldStartWith(
            "A new error in f, version $LATEST: RangeError: card");
    }

    [Theory]
    [InlineData(EndsAt.BeforeTheAlert)]
    [InlineData(EndsAt.BeforeTheAcknowledgement)]
    public async Task New_error_is_told_once_although_the_server_ended_in_between(EndsAt end)
    {
        await SetAsync(Rule() with { Metric = AlertRule.ErrorGroupsMetric, Target = "f", SamplesMin = 1 });
        var ending = new EndingRaiser(runner, end);
        var first = new ErrorAlerts(telemetry.Errors, ending, time, NullLogger<ErrorAlerts>.Instance);
        await LogErrorAsync(0);
        await ending.Ended;
        await Should.ThrowAsync<InvalidOperationException>(async () => await first.DisposeAsync());
        Mails().ShouldBe(end == EndsAt.BeforeTheAlert ? 0 : 1);

        // The next start: what was written with the group is there, and under the same id.
        telemetry.Dispose();
        telemetry = TelemetryStore.Open(
            new TelemetryOptions { Path = Path.Combine(folder.FullName, "telemetry.db") }, time);
        for (var start = 0; start < 2; start++)
        {
            await new ErrorAlerts(telemetry.Errors, runner, time, NullLogger<ErrorAlerts>.Instance).DisposeAsync();
        }

        Mails().ShouldBe(1);
        alerts.History(Id, null, 10).Value.ShouldHaveSingleItem().Text.ShouldStartWith("A new error in f");
        telemetry.Errors.ListAnnouncements(10).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rule_with_a_webhook_that_is_not_there_names_the_field()
    {
        var refused = await alerts.PutAsync(Rule() with { Webhooks = ["nowhere"] }, default);

        refused.Error!.Field.ShouldBe("webhooks");
        alerts.List(AccountId.Root).ShouldBeEmpty();
    }

    [Fact]
    public async Task Mail_is_sent_after_an_outage_with_nothing_of_it_in_the_headers()
    {
        using var stub = new SmtpStub();
        var target = new MailTarget(new SmtpClient(
            new SmtpSettings("127.0.0.1", stub.Port, false, false, "me", "secret", "lambent@example.org"),
            TimeProvider.System));
        var payload = new MailPayload(
            "Fehler: ä\r\nBcc: everybody@example.org", "one\r\n.\r\nMAIL FROM:<evil@example.org>", time.GetUtcNow());
        var mail = new AsyncEvent
        {
            Id = "mail-1",
            Target = new DeliveryTarget(AccountId.Root, DeliveryTargetKind.Email, Address),
            Payload = payload.ToBytes(),
            AcceptedAt = time.GetUtcNow(),
            FirstDueAt = time.GetUtcNow(),
            DueAt = time.GetUtcNow(),
        };

        stub.Answers = false;
        (await target.AttemptAsync(mail, default)).Result.ShouldBe(AttemptResult.Failed);
        stub.Answers = true;
        (await target.AttemptAsync(mail, default)).Result.ShouldBe(AttemptResult.Succeeded);

        var text = stub.Received.ShouldHaveSingleItem();
        var head = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        head.Split("\r\n").ShouldNotContain(line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        head.ShouldContain($"To: <{Address}>");
        head.ShouldContain("Message-ID: <mail-1@example.org>");
        Encoding.UTF8.GetString(Convert.FromBase64String(text[(head.Length + 4)..])).ShouldBe(payload.Text);
    }

    private async Task LogErrorAsync(int number)
    {
        telemetry.Write(new LogLine(
            new FunctionId(AccountId.Root, "f"), "$LATEST", "e", $"r{number}", time.GetUtcNow(),
            $"2026-11-22T00:00:00.000Z\tr{number}\tERROR\tRangeError: card {number} is too long\n"
            + "    at charge (/var/task/index.js:3:11)\n"));
        await telemetry.FlushAsync();
    }

    public void Dispose()
    {
        telemetry.Dispose();
        store.Dispose();
        folder.Delete(recursive: true);
    }

    private AlertNotifier Notifier()
    {
        var writer = new TargetWriter(new QueueSignals());
        return new AlertNotifier(
            new StateChanges(new WebhookDirectory(store), writer, "us-east-1", () => "other", time), writer,
            () => Guid.CreateVersion7().ToString("N"));
    }

    private AlertRule Rule() => new()
    {
        Id = Id,
        Metric = "error-rate",
        Target = "f",
        Threshold = 0.1,
        SamplesMin = 10,
        Emails = [Address],
        CreatedAt = time.GetUtcNow(),
    };

    private async Task SetAsync(AlertRule rule) =>
        (await alerts.PutAsync(rule, default)).Error.ShouldBeNull();

    private Task LookAsync() => runner.LookAsync(time.GetUtcNow(), default);

    private AlertState State() => alerts.Find(Id).Value.Standing.State;

    private long Mails() => store.Read(transaction => transaction.Events.Count());

    private Task CountAsync(int calls, int errors)
    {
        var cell = new MetricCell();
        cell.Count(MetricCounter.Invocations, calls);
        cell.Count(MetricCounter.HandlerErrors, errors);
        return AddAsync(time.GetUtcNow(), cell);
    }

    private Task BillAsync(DateTimeOffset at, int gigabyteSeconds)
    {
        var cell = new MetricCell();
        cell.Count(MetricCounter.Invocations);
        cell.Count(MetricCounter.BilledMegabyteMilliseconds, gigabyteSeconds * 1_024_000L);
        return AddAsync(at, cell);
    }

    private Task AddAsync(DateTimeOffset at, MetricCell cell) => telemetry.Metrics.AddAsync(
    [
        new MetricEntry(
            new MetricSeries(AccountId.Root, MetricKind.Function, "f", "$LATEST"),
            MetricSpans.Floor(at, TimeSpan.FromMinutes(1)), cell),
    ]);
}

/// <summary>A mail server that takes everything, or hangs up.</summary>
internal sealed class SmtpStub : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();

    public SmtpStub()
    {
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Serving = ServeAsync();
    }

    public int Port { get; }

    public bool Answers { get; set; } = true;

    /// <summary>Whole messages, without the dot at the end.</summary>
    public ImmutableList<string> Received { get; private set; } = [];

    private Task Serving { get; }

    public void Dispose()
    {
        stopping.Cancel();
        listener.Stop();
        stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stopping.Token);
                if (Answers)
                {
                    await ConverseAsync(client.GetStream());
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ConverseAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await SayAsync(stream, "220 stub");
        while (await reader.ReadLineAsync() is { } line)
        {
            switch (line.Split(' ')[0])
            {
                case "EHLO":
                    await SayAsync(stream, "250-stub\r\n250-AUTH LOGIN PLAIN\r\n250 8BITMIME");
                    break;
                case "AUTH":
                    await SayAsync(stream, line == "AUTH PLAIN AG1lAHNlY3JldA==" ? "235 ok" : "535 who?");
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go");
                    var text = new StringBuilder();
                    while (await reader.ReadLineAsync() is { } part && part != ".")
                    {
                        text.Append(part).Append("\r\n");
                    }

                    Received = Received.Add(text.ToString());
                    await SayAsync(stream, "250 taken");
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 bye");
                    return;
                default:
                    await SayAsync(stream, "250 ok");
                    break;
            }
        }
    }

    private static ValueTask SayAsync(NetworkStream stream, string line) =>
        stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
}
