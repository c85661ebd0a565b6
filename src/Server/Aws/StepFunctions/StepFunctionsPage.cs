using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>maxResults and nextToken of the operations that list.</summary>
/// <param name="Size">How many items the page has at most.</param>
/// <param name="After">The position after which it starts; empty for the first page.</param>
internal sealed record StepFunctionsPage(int Size, string After)
{
    private const int TokenLengthMax = 1_024;

    /// <summary>Reads the page that is asked for. The token is only good for the operation, the account and the
    /// resource that it was given for.</summary>
    public static Result<StepFunctionsPage> Read(
        StepFunctionsServices services,
        StepFunctionsCall call,
        string resource = "",
        int tokenLengthMax = TokenLengthMax)
    {
        var size = call.Input.Integer("maxResults", 0, Limits.WorkflowPageMax);
        var token = call.Input.Text("nextToken", 1, tokenLengthMax);
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        return services.Markers.Open(SealOf(call, resource), call.Account, token).Failed(out var after, out _)
            ? new Error(ErrorCode.TaskTokenInvalid, "Invalid Token: 'Invalid token'", "nextToken")
            : new StepFunctionsPage(size is null or 0 ? Limits.WorkflowPageDefault : (int)size, after ?? "");
    }

    /// <summary>The answer with a list, and a token when there is more.</summary>
    /// <param name="services">What seals the token.</param>
    /// <param name="call">The request.</param>
    /// <param name="resource">As it was read.</param>
    /// <param name="member">What the API calls the list.</param>
    /// <param name="found">The items, one more than the page has when there is more.</param>
    /// <param name="write">An item as the API shows it.</param>
    /// <param name="position">Where an item stands in the list.</param>
    public DataObject Answer<T>(
        StepFunctionsServices services,
        StepFunctionsCall call,
        string resource,
        string member,
        IReadOnlyList<T> found,
        Func<T, DataValue> write,
        Func<T, string> position)
    {
        var next = found.Count > Size ? position(found[Size - 1]) : null;
        return Answer(services, call, resource, member, [.. found.Take(Size).Select(write)], next);
    }

    /// <summary>The answer with a list that was cut to a page already.</summary>
    /// <param name="services">What seals the token.</param>
    /// <param name="call">The request.</param>
    /// <param name="resource">As it was read.</param>
    /// <param name="member">What the API calls the list.</param>
    /// <param name="items">The page.</param>
    /// <param name="next">Where its last item stands when there is more, else null.</param>
    public static DataObject Answer(
        StepFunctionsServices services,
        StepFunctionsCall call,
        string resource,
        string member,
        IReadOnlyList<DataValue> items,
        string? next)
    {
        var page = new DataObject((member, new DataArray(items)));
        return next is null
            ? page
            : page.With("nextToken", services.Markers.Seal(SealOf(call, resource), call.Account, next));
    }

    private static string SealOf(StepFunctionsCall call, string resource) => $"{call.Operation} {resource}";
}
