using System.Diagnostics;

namespace Lambent.Kernel;

/// <summary>
/// Every bound of the system in one file. Figures without a comment are AWS Lambda's published quotas, because
/// clients rely on them. Relations between bounds are asserted once, at start, by <see cref="AssertConsistent"/>.
/// </summary>
public static class Limits
{
    public const int KiB = 1024;
    public const int MiB = 1024 * KiB;

    // Names
    public const int FunctionNameLengthMax = 64;
    public const int AliasNameLengthMax = 128;
    public const int LayerNameLengthMax = 140;
    public const int HandlerLengthMax = 128;
    public const int DescriptionLengthMax = 256;
    public const int StatementIdLengthMax = 100;

    // Function configuration
    public const int TimeoutSecondsMin = 1;
    public const int TimeoutSecondsMax = 900;
    public const int TimeoutSecondsDefault = 3;
    public const int MemoryMegabytesMin = 128;
    public const int MemoryMegabytesMax = 10_240;
    public const int MemoryMegabytesDefault = 128;
    public const int EphemeralStorageMegabytesMin = 512;
    public const int EphemeralStorageMegabytesMax = 10_240;
    public const int EphemeralStorageMegabytesDefault = 512;
    public const int EnvironmentVariablesBytesMax = 4 * KiB;
    public const int LayersMax = 5;
    public const int TagsMax = 50;
    public const int TagKeyLengthMax = 128;
    public const int TagValueLengthMax = 256;
    public const int PolicyBytesMax = 20 * KiB;

    // Packages
    public const int CreateFunctionRequestBytesMax = 70_167_211;
    public const int ZippedPackageBytesMax = 52_428_800;
    public const long UnzippedPackageBytesMax = 262_144_000;

    /// <summary>
    /// Ours: entries in one package. Real packages have thousands; a bomb of empty files has millions.
    /// </summary>
    public const int PackageEntriesMax = 100_000;

    /// <summary>
    /// Ours: unpacked over packed size of one entry, above which deflate data is a bomb (its limit is 1032).
    /// </summary>
    public const int PackageCompressionRatioMax = 1_000;

    public const long CodeStorageBytesMax = 80_530_636_800;

    // Invocation
    public const int RequestPayloadBytesMax = 6 * MiB;
    public const int ResponsePayloadBytesMax = 6_291_556;
    public const int EventPayloadBytesMax = 1 * MiB;
    public const int ClientContextBytesMax = 3_583;
    public const int LogTailBytes = 4 * KiB;
    public const int StreamedResponseBytesMax = 200 * MiB;
    public const int AccountConcurrencyDefault = 1_000;

    /// <summary>Ours: what an operator may set for an account.</summary>
    public const int AccountConcurrencyMax = 100_000;

    /// <summary>AWS keeps 100 of an account's 1,000 unreserved.</summary>
    public const int UnreservedConcurrencyMin = 100;

    /// <summary>A function's calls in flight become at most so many more within the period.</summary>
    public const int ConcurrencyGrowthMax = 1_000;

    public static readonly TimeSpan ConcurrencyGrowthPeriod = TimeSpan.FromSeconds(10);

    /// <summary>Ours: times of the week with a count of their own, for one provisioned version or alias.</summary>
    public const int ProvisionedWindowsMax = 20;

    public const int EnvironmentConcurrencyMax = 1_000;

    /// <summary>Initialization of an environment: AWS gives it 10 s, then counts it to the first call.</summary>
    public static readonly TimeSpan InitializationTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Ours: how long an idle environment is kept while too little is known of its function.</summary>
    public static readonly TimeSpan EnvironmentIdleTimeoutDefault = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Ours: functions whose idle times a node remembers, at less than 1 KB each; the one unused longest is forgotten.
    /// </summary>
    public const int DemandHistoriesMax = 10_000;

    /// <summary>Decisions of scale controllers that are kept about one version or source.</summary>
    public const int DecisionsOfOneMax = 128;

    /// <summary>The same about all together, at half a kilobyte each.</summary>
    public const int DecisionsMax = 100_000;

    /// <summary>How long decisions of scale controllers are kept.</summary>
    public static readonly TimeSpan DecisionRetention = TimeSpan.FromDays(7);

    // Wire
    /// <summary>Ours: one frame between host and environment; above the largest payload with its head.</summary>
    public const int FramePayloadBytesMax = 8 * MiB;

    /// <summary>
    /// Ours: what the server holds of one streamed body, in each direction, while the other side is slow.
    /// </summary>
    public const int StreamWindowBytes = 256 * KiB;

    // WebSockets: the quotas of API Gateway's WebSocket APIs
    public const int WebSocketMessageBytesMax = 128 * KiB;
    public static readonly TimeSpan WebSocketIdleMax = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan WebSocketLifetimeMax = TimeSpan.FromHours(2);

    /// <summary>Ours: connections of an account at a time on one node.</summary>
    public const int WebSocketConnectionsMax = 10_000;

    /// <summary>Ours: messages that may wait for one slow connection.</summary>
    public const int WebSocketSendsWaitingMax = 32;

    // Paging
    public const int ListItemsDefault = 50;
    public const int ListItemsMax = 10_000;

    // Async events
    public const int EventRetriesDefault = 2;
    public const int EventAgeSecondsMin = 60;
    public static readonly TimeSpan EventAgeMax = TimeSpan.FromHours(6);

    /// <summary>Ours: what one event may ask for; functions allow 2, schedules 185.</summary>
    public const int EventRetriesMax = 185;

    /// <summary>Ours: priorities are 0 to 9.</summary>
    public const int EventPriorityMax = 9;

    /// <summary>
    /// Ours: how long a result that was asked for can be fetched, and an idempotency key is remembered.
    /// </summary>
    public static readonly TimeSpan EventResultRetention = TimeSpan.FromDays(1);

    /// <summary>
    /// Ours: how long an event that could not be delivered is kept for people to look at and redrive.
    /// </summary>
    public static readonly TimeSpan DeadEventRetention = TimeSpan.FromDays(14);

    /// <summary>Ours: an event may be put off for so long.</summary>
    public static readonly TimeSpan EventDelayMax = TimeSpan.FromDays(7);

    /// <summary>Ours.</summary>
    public const int IdempotencyKeyLengthMax = 256;

    // Queues: the quotas of Amazon SQS
    public const int QueueNameLengthMax = 80;
    public const int VisibilityTimeoutSecondsDefault = 30;
    public const int VisibilityTimeoutSecondsMax = 43_200;
    public const int MessageDelaySecondsMax = 900;
    public const int MessageBytesMin = 1 * KiB;
    public const int MessageBytesMax = 1 * MiB;
    public const int MessageRetentionSecondsMin = 60;
    public const int MessageRetentionSecondsDefault = 345_600;
    public const int MessageRetentionSecondsMax = 1_209_600;
    public const int ReceiveWaitSecondsMax = 20;
    public const int ReceiveCountMax = 1_000;
    public const int MessageBatchMax = 10;
    public const int BatchEntryIdLengthMax = 80;
    public const int MessageAttributesMax = 10;
    public const int MessageAttributeNameLengthMax = 256;
    public const int MessageGroupIdLengthMax = 128;

    /// <summary>Ours: priorities of messages are 0 to 9, as those of events.</summary>
    public const int MessagePriorityMax = 9;

    public const int MessagesInFlightMax = 120_000;
    public const int QueuesAllowedToRedriveMax = 10;
    public const int QueueListMax = 1_000;
    public const int MoveTaskRateMax = 500;
    public const int MoveTasksListedMax = 10;
    public const int PolicyStatementsPerQueueMax = 20;
    public static readonly TimeSpan DeduplicationWindow = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan PurgePause = TimeSpan.FromSeconds(60);

    /// <summary>Ours: a form in which every byte of the largest message is escaped, with room for the rest.</summary>
    public const int QueueRequestBytesMax = 4 * MiB;

    // Schedules: the quotas of EventBridge Scheduler
    public const int SchedulesMax = 1_000_000;
    public const int ScheduleGroupsMax = 500;
    public const int ScheduleGroupTagsMax = 50;
    public const int ScheduleDescriptionLengthMax = 512;
    public const int ScheduleZoneLengthMax = 50;
    public const int ScheduleWindowMinutesMax = 1_440;
    public const int ScheduleRetriesMax = 185;
    public const int ScheduleAgeSecondsMin = 60;
    public const int ScheduleAgeSecondsMax = 86_400;
    public const int SchedulePageMax = 100;

    /// <summary>What is handed over so long after it was due is on time: AWS promises the minute.</summary>
    public static readonly TimeSpan ScheduleLateness = TimeSpan.FromSeconds(60);

    /// <summary>Ours: occurrences that fire-all rescues, and that a list of missed ones names one by one.</summary>
    public const int ScheduleCatchUpMax = 100;

    /// <summary>Ours: occurrences of a schedule that one transaction looks at.</summary>
    public const int ScheduleOccurrencesPerTurn = 1_000;

    /// <summary>Ours: occurrences of a schedule that wait for another attempt of their hand-over.</summary>
    public const int ScheduleHeldMax = 10;

    /// <summary>Ours: occurrences of a schedule that wait for the one before to end.</summary>
    public const int ScheduleWaitingMax = 100;

    /// <summary>
    /// Ours: how often a schedule with such occurrences is looked at, should nobody tell that one has ended.
    /// </summary>
    public static readonly TimeSpan ScheduleWaitingLook = TimeSpan.FromMinutes(1);

    /// <summary>Ours: lines of missed occurrences that are kept of a schedule.</summary>
    public const int ScheduleMissedKept = 1_000;

    /// <summary>Ours: how long a client's token makes a request the same as one before.</summary>
    public static readonly TimeSpan ScheduleTokenRetention = TimeSpan.FromHours(8);

    // Webhooks: ours
    public const int WebhookNameLengthMax = 64;
    public const int WebhooksPerAccountMax = 1_000;
    public const int WebhookUrlLengthMax = 2_048;
    public const int WebhookTypesMax = 20;
    public const int WebhookSecretLengthMin = 8;
    public const int WebhookSecretLengthMax = 256;
    public const int WebhookToleranceSecondsDefault = 300;
    public const int WebhookToleranceSecondsMax = 3_600;
    public const int WebhookDeliveryIdLengthMax = 200;

    /// <summary>Requests a second to one webhook; a burst may be twice as many.</summary>
    public const int WebhookRateDefault = 100;

    public const int WebhookRateMax = 10_000;

    /// <summary>GitHub sends a delivery again for three days at the most.</summary>
    public static readonly TimeSpan WebhookDeliveryRetention = TimeSpan.FromDays(3);

    /// <summary>How long two secrets may count at once.</summary>
    public static readonly TimeSpan WebhookOverlapMax = TimeSpan.FromDays(30);

    /// <summary>One attempt of a callback, from the name's resolution to the head of the answer.</summary>
    public static readonly TimeSpan CallbackTimeout = TimeSpan.FromSeconds(10);

    // Push queues: ours, after those of Iron's
    public const int PushSubscribersMax = 64;
    public const int PushRetriesDefault = 3;
    public const int PushRetriesMax = 100;
    public const int PushRetryDelaySecondsDefault = 60;
    public const int PushRetryDelaySecondsMin = 3;
    public const int PushRetryDelaySecondsMax = 3_600;
    public const int PushConcurrencyDefault = 16;
    public const int PushConcurrencyMax = 64;
    public const int PushHeadersMax = 5;
    public const int PushHeaderValueLengthMax = 1_024;

    /// <summary>However often a pause doubled: a message is hidden for at most twelve hours at a time.</summary>
    public static readonly TimeSpan PushPauseMax = TimeSpan.FromHours(6);

    // Event source mappings of queues
    public const int MappingBatchDefault = 10;
    public const int MappingBatchMax = 10_000;
    public const int MappingWindowSecondsMax = 300;
    public const int MappingConcurrencyMin = 2;
    public const int MappingConcurrencyMax = 1_000;
    public const int MappingRetriesMax = 10_000;
    public const int MappingFilterLengthMax = 4_096;

    /// <summary>AWS gives five, and ten to who asks.</summary>
    public const int MappingFiltersMax = 10;

    public const int ArnLengthMax = 2_048;

    // Definitions of state machines: the quotas of AWS Step Functions
    public const int DefinitionBytesMax = 1 * MiB;
    public const int StateNameLengthMax = 80;
    public const int MapLabelLengthMax = 40;
    public const int WorkflowVariableNameLengthMax = 80;
    public const int WorkflowSecondsMax = 99_999_999;
    public const int RetryDelaySecondsMax = 31_622_400;

    /// <summary>The input or output of a state, and what a template puts together, as JSON.</summary>
    public const int WorkflowPayloadBytesMax = 256 * KiB;

    /// <summary>The cause of a failure is cut there.</summary>
    public const int WorkflowCauseLengthMax = 32_768;

    /// <summary>Base64 and hashes of intrinsic functions.</summary>
    public const int IntrinsicTextLengthMax = 10_000;

    public const int IntrinsicRangeItemsMax = 1_000;
    public const int IntrinsicDepthMax = 10;

    /// <summary>Ours: states of one machine, those in branches included.</summary>
    public const int StatesMax = 10_000;

    /// <summary>Ours: Parallel and Map states within one another.</summary>
    public const int StateNestingMax = 20;

    /// <summary>Ours: And, Or and Not of a choice, or brackets of a path's filter, within one another.</summary>
    public const int ConditionNestingMax = 30;

    /// <summary>Ours: what is said of one definition; nobody reads more.</summary>
    public const int DefinitionDiagnosticsMax = 1_000;

    /// <summary>Ours: values that one evaluation of a path looks at, filters within it included.</summary>
    public const int PathStepsMax = 1_000_000;

    /// <summary>Ours: values that one path may select.</summary>
    public const int PathResultsMax = 100_000;

    // Objects: the quotas of Amazon S3
    public const int BucketsPerAccountMax = 100;
    public const int ObjectKeyBytesMax = 1_024;

    /// <summary>Names and values of x-amz-meta- headers together.</summary>
    public const int ObjectMetadataBytesMax = 2 * KiB;

    /// <summary>Of an object that is put in one piece, copied, or of a part.</summary>
    public const long ObjectPutBytesMax = 5L * 1024 * MiB;

    /// <summary>Of each part but the last.</summary>
    public const int UploadPartBytesMin = 5 * MiB;
    public const int UploadPartsMax = 10_000;
    public const int ObjectPageMax = 1_000;

    /// <summary>Objects that one request may delete.</summary>
    public const int ObjectDeletesMax = 1_000;

    /// <summary>Ours: an upload that nobody completed is given up.</summary>
    public static readonly TimeSpan UploadAgeMax = TimeSpan.FromDays(7);

    // Executions of state machines
    /// <summary>Of an execution; AWS ends one at 25,000.</summary>
    public const int WorkflowHistoryEventsMax = 250_000;

    /// <summary>Of a Map; what is more belongs into several.</summary>
    public const int WorkflowMapItemsMax = 100_000;

    /// <summary>Iterations that run at a time, whatever the definition asks for.</summary>
    public const int WorkflowMapConcurrencyMax = 1_000;

    /// <summary>Events that were sent to an execution, and that no state has waited for yet.</summary>
    public const int WorkflowEventsWaitingMax = 1_000;

    /// <summary>By how many keys an execution knows an event again that is sent twice: those of the latest.</summary>
    public const int WorkflowEventKeysMax = 1_000;

    /// <summary>By which executions are found, of one execution.</summary>
    public const int SearchAttributesMax = 20;
    public const int SearchAttributeNameLengthMax = 64;
    public const int SearchAttributeTextLengthMax = 256;

    /// <summary>Of one state machine (AWS).</summary>
    public const int StateMachineVersionsMax = 1_000;
    public const int StateMachineAliasesMax = 100;
    public const int WorkflowPageMax = 1_000;

    /// <summary>When a page of a list is not told how long it may be (AWS).</summary>
    public const int WorkflowPageDefault = 100;

    /// <summary>How long an execution that ended is kept (AWS).</summary>
    public static readonly TimeSpan ExecutionRetention = TimeSpan.FromDays(90);

    /// <summary>How long after its end an execution can be taken up again (AWS).</summary>
    public static readonly TimeSpan ExecutionRedrivablePeriod = TimeSpan.FromDays(14);

    // Metrics
    public static readonly TimeSpan MetricMinuteRetention = TimeSpan.FromDays(15);
    public static readonly TimeSpan MetricHourRetention = TimeSpan.FromDays(90);
    public static readonly TimeSpan MetricDayRetention = TimeSpan.FromDays(455);

    /// <summary>Cells that could not be written and are tried again; what is above it is dropped and counted.</summary>
    public const int MetricCellsPendingMax = 100_000;

    /// <summary>Values of one series in one answer (ours).</summary>
    public const int MetricPointsMax = 10_000;

    /// <summary>Series in one answer (ours).</summary>
    public const int MetricGroupsMax = 500;

    /// <summary>Functions that /metrics shows by name; what is beyond is one series (ours).</summary>
    public const int MetricExportedSeriesMax = 1_000;

    /// <summary>Metrics that an account's programs put themselves, counted by name and dimensions (ours).</summary>
    public const int CustomMetricsMax = 1_000;

    // Alerts
    public const int AlertsMax = 200;

    /// <summary>Webhooks of one alert, and addresses besides (ours).</summary>
    public const int AlertChannelsMax = 10;

    /// <summary>Changes of one alert that are remembered (ours).</summary>
    public const int AlertChangesMax = 500;

    // Logs
    /// <summary>Ours: lines that one environment hands over in a second; its shim drops what is beyond.</summary>
    public const int EnvironmentLogLinesPerSecond = 10_000;

    /// <summary>Ours: bytes of lines that one environment hands over in a second, in the long run.</summary>
    public const int EnvironmentLogBytesPerSecond = 2 * MiB;

    /// <summary>Ours: bytes of lines that it hands over at once after it was silent for some seconds.</summary>
    public const int EnvironmentLogBytesBurst = 8 * MiB;

    /// <summary>Of CloudWatch Logs: the length of a filter pattern.</summary>
    public const int LogFilterLengthMax = 1_024;

    public const int LogGroupNameLengthMax = 512;
    public const int LogStreamNameLengthMax = 512;
    public const int LogPageEventsMax = 10_000;
    public const int LogPageBytesMax = 1 * MiB;
    public const int LogBatchEventsMax = 10_000;

    /// <summary>Texts with 26 bytes for each (CloudWatch Logs).</summary>
    public const int LogBatchBytesMax = 1_048_576;

    /// <summary>Ours: groups of an account besides those of functions.</summary>
    public const int LogGroupsMax = 1_000;

    /// <summary>Ours: rows that a search looks at for one page; then the page ends, with a token to go on.</summary>
    public const int LogRowsPerSearch = 2_000_000;

    /// <summary>Ours: how long lines are kept when nothing else is said.</summary>
    public static readonly TimeSpan LogRetention = TimeSpan.FromDays(14);

    /// <summary>Ours: what lines and records of calls take on disk when nothing else is said.</summary>
    public const long LogBytesMax = 1_024L * MiB;

    // Stored calls and errors
    /// <summary>Ours: of an event or an answer that is kept, when nothing else is said.</summary>
    public const int StoredPayloadBytes = 64 * KiB;

    /// <summary>Ours: the most that can be said instead; above it a payload has no place beside logs.</summary>
    public const int StoredPayloadBytesMax = 1 * MiB;

    public static readonly TimeSpan StoredCallRetention = TimeSpan.FromDays(7);

    /// <summary>Ours: events and answers on disk, besides what logs take.</summary>
    public const long StoredCallBytesMax = 256L * MiB;

    /// <summary>Ours: groups of errors of an account; beyond it the oldest resolved ones go.</summary>
    public const int ErrorGroupsMax = 1_000;

    /// <summary>Ours: groups of one type and message that differ by their place.</summary>
    public const int ErrorGroupsOfFamilyMax = 20;

    /// <summary>Ours: how long a group is kept after it was seen last.</summary>
    public static readonly TimeSpan ErrorGroupRetention = TimeSpan.FromDays(90);

    /// <summary>Ours: how long its count by the hour is kept.</summary>
    public static readonly TimeSpan ErrorHourRetention = TimeSpan.FromDays(14);

    /// <summary>Ours: calls that are replayed together.</summary>
    public const int ReplayCallsMax = 10_000;

    // Traces
    /// <summary>Ours: calls, and as many spans besides, of a trace that is looked at; spans kept of one.</summary>
    public const int TraceSpansMax = 5_000;

    /// <summary>Ours: spans in one request of a function's exporter; what is beyond is rejected.</summary>
    public const int SpansPerRequestMax = 2_000;

    /// <summary>Ours: a request of a function's exporter, unpacked. Exporters send some hundred KB at most.</summary>
    public const int SpanRequestBytesMax = 4 * MiB;

    /// <summary>OpenTelemetry's default; attributes beyond are left out.</summary>
    public const int SpanAttributesMax = 128;

    /// <summary>OpenTelemetry's default; events beyond are left out.</summary>
    public const int SpanEventsMax = 128;

    /// <summary>Ours: a longer text in a span is cut.</summary>
    public const int SpanTextLengthMax = 4 * KiB;

    /// <summary>Ours: attributes and events of a span together; a span with more is kept without them.</summary>
    public const int SpanDetailBytesMax = 32 * KiB;

    /// <summary>Ours: spans that began earlier are rejected; an exporter that waits longer has lost them.</summary>
    public static readonly TimeSpan SpanAgeMax = TimeSpan.FromDays(1);

    /// <summary>Ours: how far ahead of the server's a clock may be.</summary>
    public static readonly TimeSpan SpanAheadMax = TimeSpan.FromMinutes(5);

    // Access
    public const int AccountNameLengthMax = 50;

    /// <summary>Two are enough to change keys without a gap; a few more are for people.</summary>
    public const int AccessKeysPerAccountMax = 10;

    /// <summary>Ours: logins to the dashboard; the oldest one ends when there would be more.</summary>
    public const int BrowserSessionsPerAccountMax = 50;

    /// <summary>Ours: login tokens that nobody has used yet; the oldest one is void when there would be more.</summary>
    public const int LoginTokensPerAccountMax = 20;

    /// <summary>Ours: more of a browser's name than this is not kept.</summary>
    public const int UserAgentLengthMax = 200;

    public const int LoginTokenMinutesDefault = 30;
    public const int LoginTokenMinutesMax = 24 * 60;

    /// <summary>Ours: whoever finds a browser's credentials has them no longer than this.</summary>
    public static readonly TimeSpan BrowserCredentialLifetime = TimeSpan.FromMinutes(15);

    public static readonly TimeSpan BrowserSessionIdleTimeout = TimeSpan.FromHours(12);
    public static readonly TimeSpan BrowserSessionAgeMax = TimeSpan.FromDays(7);

    public static readonly TimeSpan SignatureClockSkewMax = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan PresignedExpiryMax = TimeSpan.FromDays(7);

    public static void AssertConsistent()
    {
        Trace.Assert(FramePayloadBytesMax > ResponsePayloadBytesMax, "A response must fit into a frame");
        Trace.Assert(FramePayloadBytesMax > RequestPayloadBytesMax + ClientContextBytesMax, "A request must fit");
        Trace.Assert(ResponsePayloadBytesMax < StreamedResponseBytesMax, "A collected stream ends by its own limit");
        Trace.Assert(StreamWindowBytes < FramePayloadBytesMax, "A window must fit into a frame");
        Trace.Assert(EventPayloadBytesMax <= RequestPayloadBytesMax, "An event is delivered as a request");
        Trace.Assert(CreateFunctionRequestBytesMax > ZippedPackageBytesMax / 3 * 4, "Base64 of a package must fit");
        Trace.Assert(QueueRequestBytesMax > MessageBytesMax * 3, "A message must fit into a form");
        Trace.Assert(ScheduleCatchUpMax < ScheduleOccurrencesPerTurn, "A turn must leave what may have to fire");
        Trace.Assert(
            PushPauseMax.TotalSeconds < VisibilityTimeoutSecondsMax, "What is pushed again later is hidden until then");
        Trace.Assert(ListItemsDefault <= ListItemsMax, "The default page must be a legal page");
    }
}
