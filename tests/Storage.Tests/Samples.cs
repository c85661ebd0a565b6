using System.Collections.Immutable;
using System.Text.Json;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Packages;
using Shouldly;

namespace Lambent.Storage.Tests;

/// <summary>Records to store. The full ones have every member set to something that is not its default.</summary>
public static class Samples
{
    public static readonly AccountId Account = AccountId.Parse("111122223333");
    public static readonly AccountId OtherAccount = AccountId.Parse("444455556666");
    public static readonly DateTimeOffset Time =
        new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero).AddTicks(1234);

    /// <summary>Compares records whole; their collections compare by reference otherwise.</summary>
    public static void ShouldMatch<T>(this T? actual, T? expected) => ToJson(actual).ShouldBe(ToJson(expected));

    public static string ToJson<T>(T? value) => JsonSerializer.Serialize(value);

    public static PackageReference Package(int seed) =>
        new($"{seed:x64}", 1_000 + seed) { UnzippedBytes = 3_000 + seed };

    public static Account FullAccount(AccountId id) => new()
    {
        Id = id,
        Name = $"Account {id} – Käse",
        CreatedAt = Time,
        ConcurrencyLimit = 77,
    };

    public static AccessKey Key(string id, AccountId account) => new()
    {
        Id = id,
        Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        Account = account,
        CreatedAt = Time,
    };

    public static FunctionVersion Version(string version) => new()
    {
        Version = version,
        Runtime = "nodejs20.x",
        Handler = "index.handler",
        Role = "arn:aws:iam::111122223333:role/r",
        Code = Package(1),
        LastModifiedAt = Time,
        RevisionId = $"revision-{version}",
    };

    public static Function Function(string name, AccountId? account = null) => new()
    {
        Id = new FunctionId(account ?? Account, name),
        Latest = Version(FunctionVersion.LatestName),
    };

    public static FunctionVersion FullVersion(string version) => new()
    {
        Version = version,
        Runtime = "python3.11",
        Handler = "app.handler",
        Role = "arn:aws:iam::111122223333:role/r",
        Code = Package(2),
        Description = "says \"hello\" \\ 😀",
        TimeoutSeconds = 899,
        MemoryMegabytes = 1769,
        EphemeralStorageMegabytes = 1024,
        Architecture = "arm64",
        Variables = ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            new KeyValuePair<string, string>[] { new("b", "2"), new("B", "1"), new("a", "\n") }),
        Layers = [new LayerReference("arn:aws:lambda:us-east-1:111122223333:layer:l:1", Package(3))],
        TracingMode = "Active",
        LogFormat = "JSON",
        ApplicationLogLevel = "DEBUG",
        SystemLogLevel = "WARN",
        LogGroup = "/mine",
        SnapStartApplyOn = "PublishedVersions",
        DeadLetterTarget = "arn:aws:sqs:us-east-1:111122223333:q",
        State = FunctionState.Failed,
        StateReason = "broken",
        StateReasonCode = "InternalError",
        LastUpdateStatus = UpdateStatus.Failed,
        LastUpdateStatusReason = "also broken",
        LastUpdateStatusReasonCode = "InvalidConfiguration",
        LastModifiedAt = Time,
        RevisionId = $"revision-{version}",
    };

    public static ResourcePolicy FullPolicy() => new()
    {
        Statements =
        [
            new PolicyStatement
            {
                Id = "s1",
                Action = "lambda:InvokeFunction",
                Principal = "*",
                Resource = "arn:aws:lambda:us-east-1:111122223333:function:f",
                SourceArn = "arn:aws:s3:::b",
                SourceAccount = "444455556666",
                PrincipalOrganizationId = "o-1",
                EventSourceToken = "token",
                FunctionUrlAuthType = "AWS_IAM",
                InvokedViaFunctionUrl = true,
            },
        ],
        RevisionId = "policy-revision",
    };

    public static FunctionUrl FullUrl() => new()
    {
        Auth = FunctionUrlAuth.AwsIam,
        InvokeMode = FunctionUrlInvokeMode.ResponseStream,
        CrossOrigin = new CrossOriginPolicy
        {
            AllowCredentials = true,
            AllowHeaders = ["x-one"],
            AllowMethods = ["GET"],
            AllowOrigins = ["https://example.com"],
            ExposeHeaders = ["x-two"],
            MaxAgeSeconds = 60,
        },
        CreatedAt = Time,
        LastModifiedAt = Time.AddDays(1),
    };

    public static Function FullFunction(string name) => new()
    {
        Id = new FunctionId(Account, name),
        Latest = FullVersion(FunctionVersion.LatestName),
        LastWorking = FullVersion(FunctionVersion.LatestName) with { Handler = "before.handler" },
        Versions = ImmutableSortedDictionary<long, FunctionVersion>.Empty
            .Add(2, FullVersion("2")).Add(10, FullVersion("10")).Add(1, FullVersion("1")),
        LastPublishedVersion = 10,
        Aliases = Sorted("live", new Alias
        {
            Name = "live",
            FunctionVersion = "1",
            Description = "what people use",
            AdditionalVersion = "2",
            AdditionalVersionWeight = 0.1,
            RevisionId = "alias-revision",
        }),
        Policies = Sorted("live", FullPolicy()).Add(Kernel.Functions.Function.Unqualified, FullPolicy()),
        Urls = Sorted(Kernel.Functions.Function.Unqualified, FullUrl()),
        ReservedConcurrency = 5,
        Provisioned = Sorted("live", new ProvisionedConcurrency
        {
            Count = 3,
            Windows =
            [
                new ProvisionedWindow
                {
                    Count = 4,
                    From = new TimeOnly(8, 0),
                    To = new TimeOnly(18, 30),
                    Days = DaysOfWeek.Monday | DaysOfWeek.Friday,
                    Zone = "Europe/Berlin",
                },
            ],
            LastModifiedAt = Time,
        }),
        EventInvokeConfigs = Sorted("live", new EventInvokeConfig
        {
            MaximumRetryAttempts = 1,
            MaximumEventAgeSeconds = 3_600,
            OnSuccess = "arn:aws:sqs:us-east-1:000000000000:done",
            OnFailure = "arn:aws:lambda:us-east-1:000000000000:function:failed",
            LastModifiedAt = Time,
        }),
        Tags = Sorted("lambent:isolation", "process"),
    };

    public static LayerVersion Layer(string name, long version, AccountId? account = null) => new()
    {
        Account = account ?? Account,
        Name = name,
        Version = version,
        Content = Package((int)version),
        CreatedAt = Time,
    };

    public static LayerVersion FullLayer(string name, long version) => new()
    {
        Account = Account,
        Name = name,
        Version = version,
        Content = Package(4),
        Description = "shared",
        LicenseInfo = "MIT",
        CompatibleRuntimes = ["nodejs20.x", "python3.11"],
        CompatibleArchitectures = ["x86_64"],
        CreatedAt = Time,
        Policy = FullPolicy(),
    };

    public static AsyncEvent Event(string id, DateTimeOffset? dueAt = null) => new()
    {
        Id = id,
        Target = DeliveryTarget.OfFunction(new FunctionId(Account, "f")),
        Payload = "{}"u8.ToArray(),
        AcceptedAt = Time,
        FirstDueAt = dueAt ?? Time,
        DueAt = dueAt ?? Time,
    };

    /// <summary>The line of <see cref="Event"/>.</summary>
    public static EventLane Lane { get; } = new(Account, "function/f");

    public static IReadOnlyList<AsyncEvent> ReadyEvents(ITransaction transaction) =>
        transaction.Events.Ready(Lane, EventPosition.Start, int.MaxValue, long.MaxValue).Events;

    public static AsyncEvent FullEvent(string id) => new()
    {
        Id = id,
        Target = DeliveryTarget.OfFunction(new FunctionId(Account, "f"), "live"),
        Payload = new byte[] { 0, 1, 2, 255 },
        ClientContext = "e30+/w==",
        TraceHeader = "Root=1-5759e988-bd862e3fe1be46a994272793",
        Source = "schedule:nightly",
        AcceptedAt = Time,
        FirstDueAt = Time.AddSeconds(5),
        LastError = "Error: no",
        IsCancelled = true,
        Policy = new EventPolicy
        {
            RetriesMax = 7,
            AgeMax = TimeSpan.FromHours(1),
            RetryDelay = TimeSpan.FromSeconds(2),
            Priority = 3,
            DeadLetterTarget = DeliveryTarget.OfQueue(new QueueId(Account, "letters")),
            KeepsResult = true,
        },
        Attempts = 2,
        DueAt = Time.AddMinutes(1),
    };

    public static Blob Blob(string bucket, string key, AccountId? account = null) => new()
    {
        Account = account ?? Account,
        Bucket = bucket,
        Key = key,
        Content = Package(5),
        CreatedAt = Time,
    };

    private static ImmutableSortedDictionary<string, T> Sorted<T>(string key, T value) =>
        ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal).Add(key, value);
}
