using System.Globalization;
using System.Text;
using Lambent.Kernel.Values;

namespace Lambent.Server.Workflows;

/// <summary>
/// What an HTTP task sent and what came back, for who tries a state alone and wants to see it
/// (InspectionDataRequest and InspectionDataResponse of the Step Functions API).
/// </summary>
internal sealed class HttpExchange
{
    /// <summary>protocol, method, url, headers and body; null: nothing was sent.</summary>
    public DataObject? Request { get; private set; }

    /// <summary>protocol, statusCode, statusMessage, headers and body; null: nothing came back.</summary>
    public DataObject? Response { get; private set; }

    /// <param name="request">About to be sent.</param>
    public async Task KeepAsync(HttpRequestMessage request)
    {
        var headers = request.Headers.NonValidated.ToDictionary(header => header.Key, header => header.Value.ToString());
        var body = default(byte[]);
        if (request.Content is { } content)
        {
            body = await content.ReadAsByteArrayAsync();
            foreach (var header in content.Headers.NonValidated)
            {
                headers[header.Key] = header.Value.ToString();
            }
        }

        Request = Build(
            ("protocol", request.RequestUri!.Scheme),
            ("method", request.Method.Method),
            ("url", request.RequestUri.AbsoluteUri),
            ("headers", Text(headers)),
            ("body", body is null ? null : Encoding.UTF8.GetString(body)));
    }

    /// <param name="response">What came.</param>
    /// <param name="body">As far as it was read.</param>
    public void Keep(HttpResponseMessage response, ReadOnlySpan<byte> body) => Response = Build(
        ("protocol", response.RequestMessage?.RequestUri?.Scheme),
        ("statusCode", ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)),
        ("statusMessage", response.ReasonPhrase),
        ("headers", Text(response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key, header => header.Value.ToString()))),
        ("body", Encoding.UTF8.GetString(body)));

    private static string Text(Dictionary<string, string> headers) => new DataObject(
        [.. headers.Select(header => (header.Key, (DataValue)new DataText(header.Value)))]).ToString();

    private static DataObject Build(params (string Name, string? Value)[] members) => new(
        [.. members.Where(member => member.Value is not null)
            .Select(member => (member.Name, (DataValue)new DataText(member.Value!)))]);
}
