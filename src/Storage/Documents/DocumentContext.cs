using System.Text.Json.Serialization;

namespace Lambent.Storage.Documents;

/// <summary>
/// How records look on disk: JSON with their own classes, apart from the domain's records. The domain may rename and
/// move what it likes; a member here keeps its name for ever, or a migration renames it. A member that is missing
/// takes the default of its class, so that a record written before the member existed reads well. Unknown members
/// are ignored: a change that an older program must not lose by writing the record back comes with a migration,
/// which makes older programs refuse the database.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AccountDocument))]
[JsonSerializable(typeof(AccessKeyDocument))]
[JsonSerializable(typeof(FunctionDocument))]
[JsonSerializable(typeof(FunctionVersionDocument))]
[JsonSerializable(typeof(LayerVersionDocument))]
[JsonSerializable(typeof(EventDocument))]
[JsonSerializable(typeof(EventResultDocument))]
[JsonSerializable(typeof(BlobDocument))]
[JsonSerializable(typeof(QueueDocument))]
[JsonSerializable(typeof(MessageDocument))]
[JsonSerializable(typeof(MoveTaskDocument))]
[JsonSerializable(typeof(ScheduleDocument))]
[JsonSerializable(typeof(ScheduleGroupDocument))]
[JsonSerializable(typeof(WebhookDocument))]
[JsonSerializable(typeof(MappingDocument))]
[JsonSerializable(typeof(StateMachineDocument))]
[JsonSerializable(typeof(StateMachineRevisionDocument))]
[JsonSerializable(typeof(ActivityDocument))]
[JsonSerializable(typeof(ExecutionDocument))]
[JsonSerializable(typeof(PushQueueDocument))]
[JsonSerializable(typeof(PushProgressDocument))]
[JsonSerializable(typeof(BucketDocument))]
[JsonSerializable(typeof(ObjectDocument))]
[JsonSerializable(typeof(UploadDocument))]
[JsonSerializable(typeof(UploadPartDocument))]
[JsonSerializable(typeof(AlertDocument))]
[JsonSerializable(typeof(AlertChangeDocument))]
[JsonSerializable(typeof(BrowserSessionDocument))]
internal sealed partial class DocumentContext : JsonSerializerContext;
