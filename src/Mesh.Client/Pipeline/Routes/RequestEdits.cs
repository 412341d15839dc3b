using System.Net.Http.Headers;
using Mesh.Client.Model;

namespace Mesh.Client.Pipeline.Routes;

/// <summary>Changes a message as a route wants it: headers removed, set, added.</summary>
internal static class RequestEdits
{
    /// <summary>A request like the caller's with the changes. The caller's own stays as it is, since it may send it again.</summary>
    /// <param name="request">The caller's request.</param>
    /// <param name="actions">What to change.</param>
    /// <param name="service">The service that is called.</param>
    /// <returns>The same request where nothing is to be changed.</returns>
    /// <exception cref="HttpRequestException">It cannot be changed.</exception>
    public static HttpRequestMessage Apply(HttpRequestMessage request, RouteActions actions, string service)
    {
        if (actions is { RequestHeaders: null, Path: null, Host: null })
        {
            return request;
        }

        HttpRequestMessage copy = RequestCopy.Make(request, service);

        if (actions.RequestHeaders is { } edits)
        {
            bool isOwn = false;
            Apply(edits, copy.Headers, () => copy.Content?.Headers, () =>
            {
                copy.Content = isOwn || copy.Content is null ? copy.Content : new EditedContent(copy.Content);
                isOwn = true;
                return copy.Content?.Headers;
            });
        }

        if (actions.Path is { } path)
        {
            copy.RequestUri = PathRewriter.Apply(path, request.RequestUri!);
        }

        if (actions.Host is { } host)
        {
            copy.Headers.Host = host;
        }

        return copy;
    }

    /// <summary>Changes the headers of a response.</summary>
    public static void Apply(HttpResponseMessage response, HeaderEdits edits) => Apply(edits, response.Headers, () => response.Content.Headers, () => response.Content.Headers);

    private static void Apply(HeaderEdits edits, HttpHeaders headers, Func<HttpContentHeaders?> content, Func<HttpContentHeaders?> toChange)
    {
        foreach (string name in edits.Remove)
        {
            Remove(name);
        }

        foreach (HeaderText header in edits.Set)
        {
            Remove(header.Name);
            Add(header);
        }

        foreach (HeaderText header in edits.Add)
        {
            Add(header);
        }

        // A header of the content, such as Content-Type, is not known among the others.
        void Add(HeaderText header)
        {
            if (!headers.TryAddWithoutValidation(header.Name, header.Value))
            {
                toChange()?.TryAddWithoutValidation(header.Name, header.Value);
            }
        }

        void Remove(string name)
        {
            if (headers.NonValidated.Contains(name))
            {
                headers.Remove(name);
            }
            else if (content()?.NonValidated.Contains(name) is true)
            {
                toChange()?.Remove(name);
            }
        }
    }
}
