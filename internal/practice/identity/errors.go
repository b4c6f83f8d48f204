package identity

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"entrada/internal/entra"
)

// refusal is an error answer with Entra's number.
type refusal struct {
	code   int
	oauth  string // the protocol's error
	status int    // at the token endpoint
	text   string
	stay   bool // shown on the sign-in page, never sent to the redirect URI
}

type wording struct {
	oauth  string
	status int
	stay   bool
	text   string
}

// wordings is the list of refusals. Codes and meaning:
// learn.microsoft.com/entra/identity-platform/reference-error-codes; where the
// list says less, the text is that of answers shown in public issues.
var wordings = map[int]wording{
	50011: {"invalid_request", 400, true,
		"The redirect URI '%s' specified in the request does not match the redirect URIs configured for the " +
			"application '%s'. Make sure the redirect URI sent in the request matches one added to your " +
			"application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more " +
			"about how to troubleshoot this."},
	500113: {"invalid_request", 400, true, "No reply address is registered for the application."},
	500112: {"invalid_client", 400, false,
		"The reply address '%s' does not match the reply address '%s' provided when requesting Authorization code."},
	50020: {"invalid_request", 400, true,
		"User account '%s' from identity provider '%s' does not exist in tenant '%s' and cannot access the " +
			"application '%s'(%s) in that tenant. The account needs to be added as an external user in the tenant " +
			"first. Sign out and sign in again with a different Azure Active Directory user account."},
	50034: {"invalid_grant", 400, true,
		"The user account %s does not exist in the %s directory. To sign into this application, the account must " +
			"be added to the directory."},
	50057: {"invalid_grant", 400, true, "The user account is disabled."},
	50058: {"login_required", 400, false, "A silent sign-in request was sent but no user is signed in."},
	50105: {"invalid_grant", 400, true,
		"Your administrator has configured the application %s ('%s') to block users unless they are specifically " +
			"granted ('assigned') access to the application. The signed in user '%s' is blocked because they are " +
			"not a direct member of a group with access, nor had access directly assigned by an administrator. " +
			"Please contact your administrator to assign access to this application."},
	50194: {"invalid_request", 400, true,
		"Application '%s'(%s) is not configured as a multi-tenant application. Usage of the /common endpoint is " +
			"not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure " +
			"the application to be multi-tenant."},
	501481: {"invalid_grant", 400, false,
		"The Code_Verifier does not match the code_challenge supplied in the authorization request."},
	501491: {"invalid_request", 400, false, "Invalid size of Code_Challenge parameter."},
	53003: {"interaction_required", 400, true,
		"Access has been blocked by Conditional Access policies. The access policy does not allow token issuance."},
	54005: {"invalid_grant", 400, false,
		"OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing " +
			"refresh token."},
	65001: {"invalid_grant", 400, false,
		"The user or administrator has not consented to use the application with ID '%s' named '%s'. Send an " +
			"interactive authorization request for this user and resource."},
	65002: {"invalid_request", 400, false,
		"Consent between first party application '%s' and first party resource '%s' must be configured via " +
			"preauthorization - applications owned and operated by Microsoft must get approval from the API owner " +
			"before requesting tokens for that API."},
	65004: {"access_denied", 400, false, "User declined to consent to access the app."},
	650053: {"invalid_client", 400, false,
		"The application '%s' asked for scope '%s' that doesn't exist on the resource '%s'. Contact the app vendor."},
	650056: {"invalid_client", 400, false,
		"Misconfigured application. This could be due to one of the following: the client has not listed any " +
			"permissions for '%s' in the requested permissions in the client's application registration. Or, the " +
			"admin has not consented in the tenant."},
	50001: {"invalid_resource", 400, false,
		"The resource principal named %s was not found in the tenant named %s. This can happen if the application " +
			"has not been installed by the administrator of the tenant or consented to by any user in the tenant."},
	500011: {"invalid_resource", 400, false,
		"The resource principal named %s was not found in the tenant named %s. This can happen if the application " +
			"has not been installed by the administrator of the tenant or consented to by any user in the tenant."},
	70000: {"invalid_grant", 400, false, "Provided grant is invalid or malformed."},
	70003: {"unsupported_grant_type", 400, false, "The app requested an unsupported grant type '%s'."},
	70005: {"unsupported_response_type", 400, false, "The app returned an unsupported response type '%s'."},
	70007: {"invalid_request", 400, false,
		"'%s' is not a supported value of 'response_mode' when requesting a token."},
	70008: {"invalid_grant", 400, false,
		"The provided authorization code or refresh token has expired due to inactivity. Send a new interactive " +
			"authorization request for this user and resource."},
	700005: {"invalid_grant", 400, false,
		"Provided authorization code is intended to use against other tenant, thus rejected."},
	700016: {"unauthorized_client", 400, true,
		"Application with identifier '%s' was not found in the directory '%s'. This can happen if the application " +
			"has not been installed by the administrator of the tenant or consented to by any user in the tenant. " +
			"You may have sent your authentication request to the wrong tenant."},
	700022: {"invalid_scope", 400, false,
		"The provided value for the input parameter 'scope' isn't valid because it contains more than one resource."},
	700025: {"invalid_client", 401, false,
		"Client is public so neither 'client_assertion' nor 'client_secret' should be presented."},
	700027: {"invalid_client", 401, false,
		"The certificate with identifier used to sign the client assertion is not registered on application."},
	700051: {"unsupported_response_type", 400, false, "response_type 'token' is not enabled for the application."},
	700054: {"unsupported_response_type", 400, false, "response_type 'id_token' is not enabled for the application."},
	700082: {"invalid_grant", 400, false,
		"The refresh token has expired due to inactivity. The token was issued on %s and was inactive for " +
			"90.00:00:00."},
	700084: {"invalid_grant", 400, false,
		"The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of " +
			"1.00:00:00, which can't be extended. It is now expired and a new sign in request must be sent by the " +
			"SPA to the sign in page. The token was issued on %s."},
	70011: {"invalid_scope", 400, false,
		"The provided request must include a 'scope' input parameter. The provided value for the input parameter " +
			"'scope' is not valid. The scope '%s' does not match the configured permissions: %s"},
	70016: {"authorization_pending", 400, false,
		"OAuth 2.0 device flow error. Authorization is pending. Continue polling."},
	70018:   {"bad_verification_code", 400, false, "Invalid verification code. User typed a code that is not valid."},
	70019:   {"expired_token", 400, false, "Verification code expired. Have the user retry the sign-in."},
	7000112: {"unauthorized_client", 400, true, "Application '%s'(%s) is disabled."},
	7000215: {"invalid_client", 401, false,
		"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, " +
			"not the client secret ID, for a secret added to app '%s'."},
	7000216: {"invalid_client", 401, false,
		"'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type."},
	7000218: {"invalid_client", 401, false,
		"The request body must contain the following parameter: 'client_assertion' or 'client_secret'."},
	7000222: {"invalid_client", 401, false,
		"The provided client secret keys for app '%s' are expired. Visit the Azure portal to create new keys for " +
			"your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added " +
			"security: https://aka.ms/certCreds."},
	7000229: {"unauthorized_client", 400, false,
		"The client application %s is missing service principal in the tenant %s. See instructions here: " +
			"https://go.microsoft.com/fwlink/?linkid=2225119"},
	90002: {"invalid_request", 400, true,
		"Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct " +
			"cloud. Check with your subscription administrator, this may happen if there are no active " +
			"subscriptions for the tenant."},
	900023: {"invalid_request", 400, true,
		"Specified tenant identifier '%s' is neither a valid DNS name, nor a valid external domain."},
	90014: {"invalid_request", 400, false,
		"The required field '%s' is missing from the credential. Ensure that you have all the necessary parameters " +
			"for the login request."},
	90094: {"access_denied", 400, false,
		"%s needs permission to access resources in your organization that only an admin can grant. Please ask an " +
			"admin to grant permission to this app before you can use it."},
	900144: {"invalid_request", 400, false, "The request body must contain the following parameter: '%s'."},
	900561: {"invalid_request", 400, true, "The endpoint only accepts POST requests. Received a %s request."},
	900971: {"invalid_request", 400, true, "No reply address provided."},
	9001023: {"invalid_request", 400, false,
		"The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations " +
			"or tenant-specific endpoint."},
	9002313: {"invalid_request", 400, false, "Invalid request. Request is malformed or invalid."},
	9002325: {"invalid_request", 400, true,
		"Proof Key for Code Exchange is required for cross-origin authorization code redemption."},
	9002326: {"invalid_request", 400, false,
		"Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request " +
			"origin: '%s'."},
	9002327: {"invalid_request", 400, false,
		"Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests."},
	9002332: {"invalid_request", 400, true,
		"Application '%s'(%s) is configured for use by Microsoft Entra users only. Please do not use the " +
			"/consumers endpoint to serve this request."},
	1002012: {"invalid_scope", 400, false,
		"The provided value for scope %s is not valid. Client credential flows must have a scope value with " +
			"/.default suffixed to the resource identifier (application ID URI)."},
	50126: {"invalid_grant", 400, false, "Error validating credentials due to invalid username or password."},
	50076: {"interaction_required", 400, false,
		"Due to a configuration change made by your administrator, or because you moved to a new location, you " +
			"must use multi-factor authentication to access '%s'."},
}

func refuse(code int, args ...any) *refusal {
	w, ok := wordings[code]
	if !ok {
		w = wording{oauth: "server_error", status: 400, text: "Unknown."}
	}
	return &refusal{code, w.oauth, w.status, fmt.Sprintf("AADSTS%d: "+w.text, append([]any{code}, args...)...), w.stay}
}

// as changes the protocol's error: authorize and token name some differently.
func (f *refusal) as(oauth string) *refusal {
	c := *f
	c.oauth = oauth
	return &c
}

// trail holds the IDs by which support finds a request.
type trail struct{ trace, correlation, stamp string }

func (s *Server) trail(r *http.Request) trail {
	correlation := r.Header.Get("client-request-id")
	if correlation == "" {
		correlation = r.URL.Query().Get("client-request-id")
	}
	if !entra.IsGUID(correlation) {
		correlation = entra.NewGUID()
	}
	return trail{entra.NewGUID(), correlation, s.Directory.Now().Format("2006-01-02 15:04:05Z")}
}

func (t trail) describe(f *refusal) string {
	return f.text + "\r\nTrace ID: " + t.trace + "\r\nCorrelation ID: " + t.correlation + "\r\nTimestamp: " + t.stamp
}

// fail is the answer of the token endpoint and its neighbours.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, f *refusal) {
	t := s.trail(r)
	s.mark(w, t)
	body := map[string]any{
		"error": f.oauth, "error_description": t.describe(f), "error_codes": []int{f.code},
		"timestamp": t.stamp, "trace_id": t.trace, "correlation_id": t.correlation,
		"error_uri": base(r) + "/error?code=" + strconv.Itoa(f.code),
	}
	if f.code == 53003 || f.code == 50076 {
		body["suberror"] = map[int]string{53003: "message_only", 50076: "basic_action"}[f.code]
	}
	sendJSON(w, f.status, body)
}

func (s *Server) mark(w http.ResponseWriter, t trail) {
	w.Header().Set("X-Ms-Request-Id", t.trace)
	w.Header().Set("Client-Request-Id", t.correlation)
}

func sendJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Pragma", "no-cache")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
